/** Sending a picture out of the bucket: `HEAD`, `ETag`, `Range`, and headers that keep it a picture. */
import * as z from 'zod'
import type { Picture } from '../../core/task'
import { empty, type Given, type HeaderName, stream } from '../endpoint/answer'
import { ApiError } from '../errors'
import { type ByteRange, readRange } from './range'

/**
 * A browser may keep it but has to ask each time: the picture may have been deleted, and another key
 * in the same browser must not see it.
 */
const ASK_EACH_TIME = 'private, no-cache'
const KEPT_A_PICTURE = [
  'ETag',
  'Accept-Ranges',
  'Cache-Control',
  'X-Content-Type-Options',
  'Content-Security-Policy',
  'Access-Control-Allow-Origin',
] as const satisfies readonly HeaderName[]

/** The headers of a request that a picture's answer depends on. */
export const pictureHeaders = z.object({
  Range: z
    .string()
    .optional()
    .meta({ description: 'One range of bytes.', examples: ['bytes=0-1023'] }),
  'If-None-Match': z.string().optional().describe('An `ETag` that you have already.'),
  'If-Range': z.string().optional().describe('The `ETag` that `Range` continues.'),
})

export function pictureAnswers(mediaTypes: readonly string[]) {
  return {
    200: stream(mediaTypes, 'The picture.', { headers: [...KEPT_A_PICTURE, 'Content-Length'] }),
    206: stream(mediaTypes, 'The part that `Range` asked for.', {
      headers: [...KEPT_A_PICTURE, 'Content-Length', 'Content-Range'],
    }),
    304: empty('You have it already.', KEPT_A_PICTURE),
  }
}

type PictureAnswer =
  | Given<ReturnType<typeof pictureAnswers>>
  | ApiError<'not_found' | 'range_not_satisfiable'>

/** A request for a picture, and where the picture is. */
interface Wanted {
  bucket: R2Bucket
  key: string
  /** What the answer's headers need to know. */
  picture: Pick<Picture, 'contentType' | 'bytes' | 'sha256'>
  isHead: boolean
  headers: z.output<typeof pictureHeaders>
  /** Any page may read it. */
  isShared: boolean
}

/** 404 when the bucket has lost it, 416 for a range behind its end. */
export async function sendPicture(wanted: Wanted): Promise<PictureAnswer> {
  const { bucket, key, picture, isHead, headers: conditions, isShared } = wanted
  const etag = `"${picture.sha256}"`
  const shared: Record<string, string> = isShared ? { 'Access-Control-Allow-Origin': '*' } : {}
  const headers = {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': ASK_EACH_TIME,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    ...shared,
  }
  if (matches(conditions['If-None-Match'], etag)) return { status: 304, headers }

  const range = rangeOf(conditions, picture.bytes, etag)
  if (range === 'unsatisfiable') {
    const whole = { 'Content-Range': `bytes */${picture.bytes}` }
    return new ApiError('range_not_satisfiable', 'The picture ends before this range.', {
      headers: { ...whole, ...shared },
    })
  }
  const object = isHead ? null : await bucket.get(key, range ? { range } : {})
  const isThere = object !== null || (isHead && (await bucket.head(key)) !== null)
  if (!isThere)
    return new ApiError('not_found', 'The picture is no longer in the bucket.', { headers: shared })

  const content = { mediaType: picture.contentType, body: object?.body ?? null }
  const length = { 'Content-Length': String(range?.length ?? picture.bytes) }
  if (!range) return { status: 200, ...content, headers: { ...headers, ...length } }
  const last = range.offset + range.length - 1
  const part = { 'Content-Range': `bytes ${range.offset}-${last}/${picture.bytes}` }
  return { status: 206, ...content, headers: { ...headers, ...length, ...part } }
}

/** The part that is asked for, or null for all of it. */
function rangeOf(
  { Range: range, 'If-Range': ifRange }: Wanted['headers'],
  bytes: number,
  etag: string,
): ByteRange | 'unsatisfiable' | null {
  return readRange(ifRange === undefined || ifRange === etag ? range : undefined, bytes)
}

function matches(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags?.some((tag) => tag === '*' || tag === etag) ?? false
}
