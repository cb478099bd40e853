/**
 * Bodies that their client compressed, as some do with all that is large.
 *
 * Invariant: a body never grows beyond its cap, however small it came.
 */
import { unzipSync } from 'node:zlib'
import { ApiError, tooLarge } from '../errors'

/** Both formats begin with what they are. */
const KNOWN = ['gzip', 'x-gzip', 'deflate']

/** Whether the body has to be decompressed. @throws ApiError 415 for a coding that is not known */
export function isCompressed(request: Request): boolean {
  const coding = codingOf(request)
  if (coding === null) return false
  if (KNOWN.includes(coding)) return true
  const message = 'Send the body as it is, or with "Content-Encoding: gzip" or "deflate".'
  throw new ApiError('unsupported_media_type', message)
}

/** Where a body is read as it streams. @throws ApiError 415 */
export function refuseCompressed(request: Request): void {
  if (codingOf(request) === null) return
  throw new ApiError(
    'unsupported_media_type',
    'Send the body as it is, without "Content-Encoding".',
  )
}

/** @throws ApiError 413 beyond the cap; a `TypeError` and the like for what is not compressed so */
export function decompress(bytes: Uint8Array, bytesMax: number): Uint8Array {
  try {
    return unzipSync(bytes, { maxOutputLength: bytesMax })
  } catch (error) {
    throw error instanceof RangeError ? tooLarge(bytesMax) : error
  }
}

function codingOf(request: Request): string | null {
  const coding = request.headers.get('Content-Encoding')?.trim().toLowerCase() ?? ''
  return coding === '' || coding === 'identity' ? null : coding
}
