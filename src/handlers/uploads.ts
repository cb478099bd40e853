/**
 * `/v1/uploads`: reference pictures that clients put here so that providers can fetch them.
 *
 * Invariant: what is kept is a PNG, JPEG or WebP by its own bytes, whatever the sender calls it.
 */
import { Hono } from 'hono'
import type { PictureFault } from '../core/picture-fault'
import { isoTime } from '../core/time'
import { signedUrl } from '../flow/signed-url'
import { type StoredPicture, storePicture, uploadKey } from '../outputs/bucket'
import { type ByteReader, readerOf } from '../outputs/byte-reader'
import { type FormFault, readForm } from '../outputs/form'
import { openPicture } from '../outputs/head'
import type { UploadJson } from '../wire/upload'
import { authenticateClient, authenticateReader, mayRead } from './auth'
import { readLength, tooLarge } from './body'
import type { AppContext, AppEnv } from './context'
import { ApiError, invalid } from './errors'
import { sendPicture } from './picture'

export const UPLOAD_BYTES_MAX = 50 * 1024 * 1024
const FORM_CAPS = {
  /** Room for boundaries and headers around the one file. */
  bytesMax: UPLOAD_BYTES_MAX + 64 * 1024,
  textBytesMax: 64 * 1024,
  partsMax: 100,
}
const ONE_FILE = 'The form must have exactly one file.'
const UPLOAD_ID = /^upl_[0-9a-f]{32}$/
export const UPLOAD_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp']
/** The same in words. */
export const UPLOAD_FORMATS = 'PNG, JPEG or WebP'

export const uploads = new Hono<AppEnv>()

uploads.post('/', async (c) => {
  const ports = c.get('ports')
  const client = await authenticateClient(c)
  const id = ports.newId('upl')
  const keep = (body: ByteReader, length: number | null) =>
    keepUpload(ports.bucket, id, client.id, { body, length }, c.req.raw.signal)
  const { contentType, bytes, width, height, sha256 } = isForm(c)
    ? await keepFromForm(c, keep, () => ports.bucket.delete(uploadKey(id)))
    : await keepRaw(c, keep)
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

type Keep = (body: ByteReader, length: number | null) => Promise<StoredPicture>

/** Puts a picture under the upload's key. @throws ApiError when it can't be taken */
async function keepUpload(
  bucket: R2Bucket,
  id: string,
  keyId: string,
  { body, length }: { body: ByteReader; length: number | null },
  signal: AbortSignal,
): Promise<StoredPicture> {
  const opened = await openPicture(body, { length, mustEndWell: true })
  if (!opened.ok) throw toUploadError(opened.refusal)
  if (!UPLOAD_TYPES.includes(opened.value.contentType)) {
    throw toUploadError({ kind: 'not_a_picture' })
  }
  const options = { bytesMax: UPLOAD_BYTES_MAX, customMetadata: { keyId }, signal }
  const stored = await storePicture(bucket, uploadKey(id), opened.value, options)
  if (!stored.ok) throw toUploadError(stored.refusal)
  return stored.value
}

function keepRaw(c: AppContext, keep: Keep): Promise<StoredPicture> {
  const length = readLength(c, UPLOAD_BYTES_MAX)
  const { body } = c.req.raw
  if (!body) throw toUploadError({ kind: 'empty' })
  return keep(readerOf(body), length)
}

/** The one file of a form. It is stored before the form's end is seen, and forgotten on a fault. */
async function keepFromForm(
  c: AppContext,
  keep: Keep,
  forget: () => Promise<void>,
): Promise<StoredPicture> {
  readLength(c, FORM_CAPS.bytesMax)
  const { body } = c.req.raw
  if (!body) throw toFormError({ kind: 'cut_off' })
  let stored: StoredPicture | null = null
  try {
    for await (const part of readForm(body, c.req.header('Content-Type') ?? '', FORM_CAPS)) {
      if (!part.ok) throw toFormError(part.refusal)
      if (part.value.kind === 'text') continue
      if (stored) throw invalid('file', ONE_FILE)
      stored = await keep(part.value.body, null)
    }
  } catch (error) {
    if (stored) await forget()
    throw error
  }
  if (!stored) throw invalid('file', ONE_FILE)
  return stored
}

function isForm(c: AppContext): boolean {
  return /^multipart\/form-data\b/i.test(c.req.header('Content-Type') ?? '')
}

function toFormError(fault: FormFault): ApiError {
  return fault.kind === 'too_large'
    ? tooLarge(fault.bytesMax)
    : new ApiError('invalid_request', 'The form is not readable.')
}

function toUploadError(fault: PictureFault): ApiError {
  switch (fault.kind) {
    case 'too_large':
      return tooLarge(fault.bytesMax)
    case 'not_a_picture':
      return new ApiError('unsupported_media_type', `Upload a ${UPLOAD_FORMATS} picture.`)
    case 'empty':
      return new ApiError('invalid_request', 'The picture is empty.')
    default:
      return new ApiError('invalid_request', 'The picture is cut off.')
  }
}
