/** Fetching pictures, and putting reference pictures where providers can fetch them. */
import * as z from 'zod'
import { uploadSchema } from '../../../wire/upload'
import { UPLOAD_BYTES_MAX, UPLOAD_FORMATS, UPLOAD_TYPES } from '../../uploads'
import { TASK_ID, UPLOAD_ID, upload } from '../examples'
import type { Answer, Operation } from '../operation'

/** Every type that `sniffPicture` tells, because a provider's picture is taken in each of them. */
const OUTPUT_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']

const signedQuery = z.object({
  expires: z.string().describe('Of the signed address, beside `signature`.').optional(),
  signature: z.string().describe('Of the signed address. With it, no key is needed.').optional(),
})

const pictureHeaders = z.object({
  Range: z
    .string()
    .meta({ description: 'One range of bytes.', examples: ['bytes=0-1023'] })
    .optional(),
  'If-None-Match': z.string().describe('An `ETag` that you have already.').optional(),
  'If-Range': z.string().describe('The `ETag` that `Range` continues.').optional(),
})

function pictureAnswers(mediaTypes: readonly string[]): [Answer, ...Answer[]] {
  return [
    { status: 200, description: 'The picture.', mediaTypes, headers: ['ETag'] },
    {
      status: 206,
      description: 'The part that `Range` asked for.',
      mediaTypes,
      headers: ['ETag', 'Content-Range'],
    },
    { status: 304, description: 'You have it already.' },
  ]
}

export const pictureOperations: Operation[] = [
  {
    id: 'getOutput',
    method: 'get',
    path: '/v1/tasks/{id}/outputs/{index}',
    tag: 'Pictures',
    summary: 'Fetch a picture',
    description:
      'With a key, or by the signed `url` of the output without one. `HEAD`, `Range` and `ETag` work.',
    access: 'picture',
    query: signedQuery,
    headers: pictureHeaders,
    answers: pictureAnswers(OUTPUT_TYPES),
    errors: ['not_found', 'task_not_found', 'range_not_satisfiable'],
    examples: [
      { title: 'Fetch', path: { id: TASK_ID, index: '0' } },
      {
        title: 'Its first bytes',
        path: { id: TASK_ID, index: '0' },
        headers: { Range: 'bytes=0-1023' },
      },
    ],
  },
  {
    id: 'createUpload',
    method: 'post',
    path: '/v1/uploads',
    tag: 'Pictures',
    summary: 'Upload a reference picture',
    description: `A ${UPLOAD_FORMATS} of at most ${UPLOAD_BYTES_MAX / 2 ** 20} MiB, as the raw body or as the one file of a form. Put the \`url\` of the answer into \`image_urls\`.`,
    access: 'client',
    fileTypes: [...UPLOAD_TYPES, 'multipart/form-data'],
    answers: [
      {
        status: 201,
        description: 'Where providers can fetch it.',
        schema: uploadSchema,
        example: upload,
      },
    ],
    errors: ['invalid_request', 'body_too_large', 'unsupported_media_type'],
    examples: [{ title: 'Upload', file: 'boat.png', headers: { 'Content-Type': 'image/png' } }],
  },
  {
    id: 'getUpload',
    method: 'get',
    path: '/v1/uploads/{id}',
    tag: 'Pictures',
    summary: 'Fetch a reference picture',
    description: 'With a key, or by the signed `url` of the upload without one.',
    access: 'picture',
    query: signedQuery,
    headers: pictureHeaders,
    answers: pictureAnswers(UPLOAD_TYPES),
    errors: ['not_found', 'range_not_satisfiable'],
    examples: [{ title: 'Fetch', path: { id: UPLOAD_ID } }],
  },
]
