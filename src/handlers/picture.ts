/** Sending a picture out of the bucket: `HEAD`, `ETag`, `Range`, and headers that keep it a picture. */
import type { Picture } from '../core/task'
import type { AppContext } from './context'
import { ApiError } from './errors'
import { type ByteRange, readRange } from './range'

/** What the answer's headers need to know. */
export type PictureFacts = Pick<Picture, 'contentType' | 'bytes' | 'sha256'>

/** @throws ApiError 404 when the bucket has lost it, 416 for a range behind its end. */
export async function sendPicture(
  c: AppContext,
  key: string,
  picture: PictureFacts,
): Promise<Response> {
  const etag = `"${picture.sha256}"`
  if (matches(c.req.header('If-None-Match'), etag)) {
    setHeaders(c, picture, etag)
    return c.body(null, 304)
  }
  const range = rangeOf(c, picture, etag)
  const { bucket } = c.get('ports')
  const isHead = c.req.method === 'HEAD'
  const object = isHead ? null : await bucket.get(key, range ? { range } : {})
  const isThere = object !== null || (isHead && (await bucket.head(key)) !== null)
  if (!isThere) throw new ApiError('not_found', 'The picture is no longer in the bucket.')

  setHeaders(c, picture, etag)
  c.header('Content-Length', String(range?.length ?? picture.bytes))
  if (range) {
    const last = range.offset + range.length - 1
    c.header('Content-Range', `bytes ${range.offset}-${last}/${picture.bytes}`)
  }
  const status = range ? 206 : 200
  return object ? c.body(object.body, status) : c.body(null, status)
}

/** The part that is asked for, or null for all of it. */
function rangeOf(c: AppContext, picture: PictureFacts, etag: string): ByteRange | null {
  const ifRange = c.req.header('If-Range')
  const header = ifRange === undefined || ifRange === etag ? c.req.header('Range') : undefined
  const range = readRange(header, picture.bytes)
  if (range !== 'unsatisfiable') return range
  const headers = { 'Content-Range': `bytes */${picture.bytes}` }
  throw new ApiError('range_not_satisfiable', 'The picture ends before this range.', { headers })
}

function setHeaders(c: AppContext, picture: PictureFacts, etag: string): void {
  c.header('Content-Type', picture.contentType)
  c.header('ETag', etag)
  c.header('Accept-Ranges', 'bytes')
  c.header('Cache-Control', 'private, max-age=31536000, immutable')
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Content-Security-Policy', "default-src 'none'; sandbox")
}

function matches(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags?.some((tag) => tag === '*' || tag === etag) ?? false
}
