/**
 * Fetching a picture from an address that a provider named.
 *
 * Invariant: every hop passes the URL guard, no key travels along, and what is not a picture by
 * its own bytes is not taken.
 */
import { type AddressPolicy, refuseAddress } from '../core/address'
import type { PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import { USER_AGENT } from '../core/user-agent'
import { readerOf } from './byte-reader'
import { type IncomingPicture, openPicture } from './head'

const REDIRECTS_MAX = 3
const HEADERS = { 'user-agent': USER_AGENT }

/**
 * @param signal aborts redirects, headers and body alike.
 * @returns the picture on its way in
 * @throws when the connection fails or is aborted before the answer's headers
 */
export async function download(
  fetchPort: typeof fetch,
  address: string,
  policy: AddressPolicy,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Result<IncomingPicture, PictureFault>> {
  const followed = await follow(fetchPort, address, policy, signal)
  if (!followed.ok) return followed
  const response = followed.value
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel()
    return refuse({ kind: 'bad_status', status: response.status })
  }
  const length = lengthOf(response)
  if (length !== null && length > bytesMax) {
    await response.body.cancel()
    return refuse({ kind: 'too_large', bytesMax })
  }
  return openPicture(readerOf(response.body), { length, mustEndWell: length === null })
}

async function follow(
  fetchPort: typeof fetch,
  address: string,
  policy: AddressPolicy,
  signal: AbortSignal,
): Promise<Result<Response, PictureFault>> {
  if (!URL.canParse(address)) return badAddress('is not a valid URL')
  // What is called is what was checked: the address as the guard reads it.
  let current = secured(new URL(address), policy)
  for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
    const refused = refuseAddress(current, policy)
    if (refused) return badAddress(refused)
    // A retry must not be given the same broken answer from the edge's cache.
    const init = { headers: HEADERS, redirect: 'manual', cache: 'no-store', signal } as const
    const response = await fetchPort(current, init)
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || !location) return success(response)
    await response.body?.cancel()
    if (!URL.canParse(location, current)) return badAddress('redirects to nowhere')
    current = secured(new URL(location, current), policy)
  }
  return badAddress(`redirects more than ${REDIRECTS_MAX} times`)
}

/** A picture that is named by plain http is asked for by https, unless its host is let through as it is. */
function secured(url: URL, policy: AddressPolicy): string {
  if (url.protocol === 'http:' && refuseAddress(url.href, policy) !== null) url.protocol = 'https:'
  return url.href
}

function badAddress(reason: string): Result<never, PictureFault> {
  return refuse({ kind: 'bad_address', reason })
}

/** The length of the bytes as they will be read; a compressed answer's length is not that. */
export function lengthOf(response: Response): number | null {
  const length = response.headers.get('content-length')
  const isPlain = !response.headers.has('content-encoding')
  return isPlain && length !== null && /^\d+$/.test(length) ? Number(length) : null
}
