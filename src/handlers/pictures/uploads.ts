/**
 * `/v1/uploads`: reference pictures that clients put here so that providers can fetch them.
 *
 * Invariant: what is kept is a PNG, JPEG or WebP by its own bytes, whatever the sender calls it.
 */
import * as z from 'zod'
import { sniffPicture } from '../../core/picture'
import { isoTime } from '../../core/time'
import { signedUrl } from '../../flow/signed-url'
import { storePicture, uploadKey } from '../../outputs/bucket'
import { HEAD_BYTES, readHead } from '../../outputs/head'
import { type UploadJson, uploadSchema } from '../../wire/upload'
import { keyIdOf } from '../auth'
import { json } from '../endpoint/answer'
import { fileBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import { ApiError, tooLarge } from '../errors'
import { SHA256, SIGNED, TOMORROW } from '../tasks/examples'
import { pictureAnswers, pictureHeaders, sendPicture } from './send'

export const UPLOAD_ID = 'upl_01a1fc390f2e7a4db0d7a8b9c0d1e2f3'
const BYTES_MAX = 50 * 1024 * 1024
const ID = /^upl_[0-9a-f]{32}$/
const TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp']
/** The same in words. */
const FORMATS = 'PNG, JPEG or WebP'

const upload: UploadJson = {
  id: UPLOAD_ID,
  object: 'upload',
  url: `https://gateway.example.com/v1/uploads/${UPLOAD_ID}?${SIGNED}`,
  expires_at: TOMORROW,
  content_type: 'image/png',
  bytes: 11_791,
  width: 1024,
  height: 768,
  sha256: SHA256,
}

export const createUpload = endpoint({
  id: 'createUpload',
  method: 'post',
  path: '/v1/uploads',
  tag: 'Pictures',
  summary: 'Upload a reference picture',
  description: `A ${FORMATS} of at most ${BYTES_MAX / 2 ** 20} MiB, as the raw body or as the one file of a form. Put the \`url\` of the answer into \`image_urls\`: providers can fetch it until it expires.`,
  access: 'client',
  body: fileBody(TYPES, BYTES_MAX),
  answers: { 201: json(uploadSchema, 'Where providers can fetch it.', upload) },
  errors: ['body_too_large', 'unsupported_media_type'],
  examples: [{ title: 'Upload', file: 'boat.png', headers: { 'Content-Type': 'image/png' } }],
}).handle(async ({ ports, caller, body }) => {
  const { head, stream } = await readHead(body.body, HEAD_BYTES)
  if (head.byteLength === 0) return new ApiError('invalid_request', 'The picture is empty.')
  const contentType = sniffPicture(head)
  if (contentType === null || !TYPES.includes(contentType))
    return new ApiError('unsupported_media_type', `Upload a ${FORMATS} picture.`)
  const id = ports.newId('upl')
  const picture = { contentType, head, body: stream, length: body.length, mustEndWell: true }
  const owner = { keyId: caller.id }
  const stored = await storePicture(ports.bucket, uploadKey(id), picture, BYTES_MAX, owner)
  if (stored === 'too_large') return tooLarge(BYTES_MAX)
  if (stored === 'cut_off') return new ApiError('invalid_request', 'The picture is cut off.')
  const { bytes, width, height, sha256 } = stored
  const expiresAt = ports.now() + ports.settings.outputUrlTtlSeconds * 1000
  return {
    status: 201,
    body: {
      id,
      object: 'upload',
      url: await signedUrl(ports.settings, `/v1/uploads/${id}`, expiresAt),
      expires_at: isoTime(expiresAt),
      content_type: contentType,
      bytes,
      width,
      height,
      sha256,
    },
  }
})

const id = z.string().meta({ description: 'The id of the upload.', examples: [UPLOAD_ID] })

export const getUpload = endpoint({
  id: 'getUpload',
  method: 'get',
  path: '/v1/uploads/{id}',
  tag: 'Pictures',
  summary: 'Fetch a reference picture',
  description: 'With a key, or by the signed `url` of the upload without one.',
  access: 'picture',
  params: z.object({ id }),
  headers: pictureHeaders,
  answers: pictureAnswers(TYPES),
  errors: ['not_found', 'range_not_satisfiable'],
}).handle(async ({ ports: { bucket }, caller, params, headers, request }) => {
  const key = uploadKey(params.id)
  // The bucket refuses keys that are too long, so it is not asked for what can't be there.
  const object = ID.test(params.id) ? await bucket.head(key) : null
  const keyId = keyIdOf(caller)
  if (!object || (keyId !== null && keyId !== object.customMetadata?.keyId))
    return new ApiError('not_found', 'There is no such upload.')
  const contentType = object.httpMetadata?.contentType ?? 'application/octet-stream'
  const picture = { contentType, bytes: object.size, sha256: object.etag }
  const isHead = request.method === 'HEAD'
  return sendPicture({ bucket, key, picture, isHead, headers, isShared: false })
})
