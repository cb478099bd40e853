/** `/v1/uploads`: reference pictures that clients put here so that providers can fetch them. */
import * as z from 'zod'
import type { PictureFault } from '../../core/picture-fault'
import { isoTime } from '../../core/time'
import {
  removeUpload,
  UPLOAD_BYTES_MAX,
  UPLOAD_FORMATS,
  UPLOAD_TYPES,
  type Upload,
  upload,
} from '../../flow/upload'
import { uploadKey } from '../../outputs/bucket'
import { type UploadJson, uploadSchema } from '../../wire/upload'
import { keyIdOf } from '../auth'
import { json } from '../endpoint/answer'
import { fileBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import { ApiError, tooLarge } from '../errors'
import { SHA256, SIGNED, TOMORROW } from '../tasks/examples'
import { pictureAnswers, pictureHeaders, sendPicture } from './send'

export const UPLOAD_ID = 'upl_01a1fc390f2e7a4db0d7a8b9c0d1e2f3'
const ID = /^upl_[0-9a-f]{32}$/

const shownUpload: UploadJson = {
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
  description: `A ${UPLOAD_FORMATS} of at most ${UPLOAD_BYTES_MAX / 2 ** 20} MiB, as the raw body or as the one file of a form. Put the \`url\` of the answer into \`image_urls\`: providers can fetch it until it expires.`,
  access: 'client',
  body: fileBody(UPLOAD_TYPES, UPLOAD_BYTES_MAX),
  answers: { 201: json(uploadSchema, 'Where providers can fetch it.', shownUpload) },
  errors: ['body_too_large', 'unsupported_media_type'],
  examples: [{ title: 'Upload', file: 'boat.png', headers: { 'Content-Type': 'image/png' } }],
}).handle(async ({ ports, caller, body, request }) => {
  let kept: Upload | null = null
  let isWhole = false
  try {
    for await (const file of body) {
      const uploaded = await upload(ports, caller.id, file, request.signal)
      if (!uploaded.ok) return uploadError(uploaded.refusal)
      kept = uploaded.value
    }
    isWhole = true
  } finally {
    if (kept && !isWhole) await removeUpload(ports, kept.id)
  }
  return kept
    ? { status: 201, body: uploadJson(kept) }
    : new ApiError('invalid_request', 'There is no file.')
})

export function uploadJson({ id, url, expiresAt, picture }: Upload): UploadJson {
  const { contentType, bytes, width, height, sha256 } = picture
  return {
    id,
    object: 'upload',
    url,
    expires_at: isoTime(expiresAt),
    content_type: contentType,
    bytes,
    width,
    height,
    sha256,
  }
}

export function uploadError(
  fault: PictureFault,
): ApiError<'body_too_large' | 'unsupported_media_type' | 'invalid_request'> {
  switch (fault.kind) {
    case 'too_large':
      return tooLarge(fault.bytesMax)
    case 'not_a_picture':
      return new ApiError('unsupported_media_type', `Upload a ${UPLOAD_FORMATS} picture.`)
    case 'empty':
      return new ApiError('invalid_request', 'The picture is empty.')
    case 'not_base64':
      return new ApiError('invalid_request', 'The picture is not valid base64.')
    default:
      return new ApiError('invalid_request', 'The picture is cut off.')
  }
}

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
  answers: pictureAnswers(UPLOAD_TYPES),
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
