/**
 * `/v1/uploads`: reference pictures that clients put here so that providers can fetch them.
 *
 * Invariant: what is kept is a PNG, JPEG or WebP by its own bytes, whatever the sender calls it.
 */
import { Hono } from 'hono'
import { sniffPicture } from '../core/picture'
import { isoTime } from '../core/time'
import { signedUrl } from '../flow/signed-url'
import { storePicture, uploadKey } from '../outputs/bucket'
import { HEAD_BYTES, readHead } from '../outputs/head'
import type { UploadJson } from '../wire/upload'
import { authenticateClient, authenticateReader, mayRead } from './auth'
import { readBody, tooLarge } from './body'
import type { AppContext, AppEnv } from './context'
import { ApiError, invalid } from './errors'
import { sendPicture } from './picture'

export const UPLOAD_BYTES_MAX = 50 * 1024 * 1024
/** Boundaries and headers of a form around its one file. */
const FORM_BYTES_MAX = UPLOAD_BYTES_MAX + 64 * 1024
const UPLOAD_ID = /^upl_[0-9a-f]{32}$/
export const UPLOAD_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp']
/** The same in words. */
export const UPLOAD_FORMATS = 'PNG, JPEG or WebP'

export const uploads = new Hono<AppEnv>()

uploads.post('/', async (c) => {
  const ports = c.get('ports')
  const client = await authenticateClient(c)
  const file = await readFile(c)
  const { head, stream } = await readHead(file.body, HEAD_BYTES)
  if (head.byteLength === 0) throw new ApiError('invalid_request', 'The picture is empty.')
  const contentType = sniffPicture(head)
  if (contentType === null || !UPLOAD_TYPES.includes(contentType))
    throw new ApiError('unsupported_media_type', `Upload a ${UPLOAD_FORMATS} picture.`)
  const id = ports.newId('upl')
  const picture = { contentType, head, body: stream, length: file.length, mustEndWell: true }
  const owner = { keyId: client.id }
  const stored = await storePicture(ports.bucket, uploadKey(id), picture, UPLOAD_BYTES_MAX, owner)
  if (stored === 'too_large') throw tooLarge(UPLOAD_BYTES_MAX)
  if (stored === 'cut_off') throw new ApiError('invalid_request', 'The picture is cut off.')
  const { bytes, width, height, sha256 } = stored
  const expiresAt = ports.now() + ports.settings.outputUrlTtlSeconds * 1000
  return c.json(
    {
      id,
      object: 'upload',
      url: await signedUrl(ports.settings, `/v1/uploads/${id}`, expiresAt),
      expires_at: isoTime(expiresAt),
      content_type: contentType,
      bytes,
      width,
      height,
      sha256,
    } satisfies UploadJson,
    201,
  )
})

uploads.get('/:id', async (c) => {
  const { bucket } = c.get('ports')
  const principal = await authenticateReader(c)
  const id = c.req.param('id')
  const key = uploadKey(id)
  // The bucket refuses keys that are too long, so it is not asked for what can't be there.
  const object = UPLOAD_ID.test(id) ? await bucket.head(key) : null
  const owner = { keyId: object?.customMetadata?.keyId ?? '' }
  if (!object || !mayRead(principal, owner))
    throw new ApiError('not_found', 'There is no such upload.')
  const contentType = object.httpMetadata?.contentType ?? 'application/octet-stream'
  return sendPicture(c, key, { contentType, bytes: object.size, sha256: object.etag })
})

interface IncomingFile {
  body: ReadableStream<Uint8Array>
  /** Null when the sender did not say. */
  length: number | null
}

/** The picture itself: the raw body, or the one file of a form. */
async function readFile(c: AppContext): Promise<IncomingFile> {
  const isForm = /^multipart\/form-data\b/i.test(c.req.header('Content-Type') ?? '')
  const body = readBody(c, isForm ? FORM_BYTES_MAX : UPLOAD_BYTES_MAX)
  if (!isForm) return body
  const files = [...(await parseForm(c, body)).values()].filter(
    (value) => typeof value !== 'string',
  )
  const [file] = files
  if (!file || files.length > 1) throw invalid('file', 'The form must have exactly one file.')
  if (file.size > UPLOAD_BYTES_MAX) throw tooLarge(UPLOAD_BYTES_MAX)
  return { body: file.stream(), length: file.size }
}

async function parseForm(c: AppContext, { body }: IncomingFile): Promise<FormData> {
  const headers = { 'content-type': c.req.header('Content-Type') ?? '' }
  try {
    return await new Response(body, { headers }).formData()
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw new ApiError('invalid_request', 'The form is not readable.')
  }
}
