/**
 * Fetching a picture from an address that a provider named.
 *
 * Invariant: every hop passes the URL guard, no key travels along, and what is not a picture by
 * its own bytes is not taken.
 */
import { type AddressPolicy, refuseAddress } from '../core/address'
import { sniffPicture } from '../core/picture'
import type { IncomingPicture } from './bucket'
import { HEAD_BYTES, readHead } from './head'

const REDIRECTS_MAX = 3

/**
 * @param signal aborts redirects, headers and body alike.
 * @returns the picture on its way in, or in words why it could not be had.
 */
export async function download(
  fetchPort: typeof fetch,
  address: string,
  policy: AddressPolicy,
  bytesMax: number,
  signal: AbortSignal,
): Promise<IncomingPicture | string> {
  const response = await follow(fetchPort, address, policy, signal)
  if (typeof response === 'string') return response
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel()
    return `the picture's address answered HTTP ${response.status}`
  }
  const length = lengthOf(response)
  if (length !== null && length > bytesMax) {
    await response.body.cancel()
    return `the picture is larger than ${bytesMax} bytes`
  }
  const { head, stream } = await readHead(response.body, HEAD_BYTES)
  const contentType = sniffPicture(head)
  if (!contentType) {
    await stream.cancel()
    return 'what came is not a PNG, JPEG, WebP, GIF or AVIF picture'
  }
  return { contentType, head, body: stream, length, mustEndWell: false }
}

async function follow(
  fetchPort: typeof fetch,
  address: string,
  policy: AddressPolicy,
  signal: AbortSignal,
): Promise<Response | string> {
  if (!URL.canParse(address)) return "the picture's address is not a valid URL"
  // What is called is what was checked: the address as the guard reads it.
  let current = new URL(address).href
  for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
    const refused = refuseAddress(current, policy)
    if (refused) return `the picture's address ${refused}`
    const response = await fetchPort(current, { redirect: 'manual', signal })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || !location) return response
    await response.body?.cancel()
    if (!URL.canParse(location, current)) return "the picture's address redirects to nowhere"
    current = new URL(location, current).href
  }
  return `the picture's address redirects more than ${REDIRECTS_MAX} times`
}

/** The length of the bytes as they will be read; a compressed answer's length is not that. */
function lengthOf(response: Response): number | null {
  const length = response.headers.get('content-length')
  const isPlain = !response.headers.has('content-encoding')
  return isPlain && length !== null && /^\d+$/.test(length) ? Number(length) : null
}
