/** `GET /v1/tasks/{id}/outputs/{index}`: the picture, streamed from R2. */
import * as z from 'zod'
import { storedOutputs } from '../../core/task'
import { outputKey } from '../../outputs/bucket'
import {
  findRendition,
  RENDITION_FORMATS,
  RENDITION_WIDTH_MAX,
  RENDITION_WIDTH_MIN,
} from '../../outputs/renditions'
import { wholeNumberSchema } from '../../wire/query-values'
import { keyIdOf } from '../auth'
import { endpoint } from '../endpoint/endpoint'
import { ApiError, isApiError } from '../errors'
import { taskParams } from '../tasks/examples'
import { findTask } from '../tasks/find'
import { pictureAnswers, pictureHeaders, sendPicture } from './send'

/** Every type that `sniffPicture` tells, because a provider's picture is taken in each of them. */
const OUTPUT_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']

const index = z.string().meta({ description: 'Which of the pictures, from 0.', examples: ['0'] })

export const getOutput = endpoint({
  id: 'getOutput',
  method: 'get',
  path: '/v1/tasks/{id}/outputs/{index}',
  tag: 'Pictures',
  summary: 'Fetch a picture',
  description:
    'With a key, or by the signed `url` of the output without one. `HEAD`, `Range` and `ETag` work.\n\nWith `width` or `format` a smaller or lighter copy of it, which is made once; where it can not be made, the original, and `Content-Type` says what it is. Both may be added to a signed `url`.',
  access: 'picture',
  params: taskParams.extend({ index }),
  query: z.strictObject({
    width: wholeNumberSchema(RENDITION_WIDTH_MIN, RENDITION_WIDTH_MAX)
      .optional()
      .describe('A copy so many pixels wide, in proportion; a picture is never enlarged.'),
    format: z
      .enum(RENDITION_FORMATS)
      .optional()
      .describe("A copy in this format. Default: the picture's own."),
  }),
  headers: pictureHeaders,
  answers: pictureAnswers(OUTPUT_TYPES),
  errors: ['not_found', 'task_not_found', 'range_not_satisfiable'],
  examples: [
    { title: 'Fetch' },
    { title: 'A thumbnail', query: { width: '320', format: 'webp' } },
    { title: 'Its first bytes', headers: { Range: 'bytes=0-1023' } },
  ],
}).handle(async ({ ports, caller, params, query, headers, request }) => {
  const isShared = caller.kind === 'signed'
  const shared = isShared ? { headers: { 'Access-Control-Allow-Origin': '*' } } : {}
  const task = await findTask(ports, params.id, keyIdOf(caller))
  if (isApiError(task)) return new ApiError(task.code, task.message, shared)
  const output = storedOutputs(task).find(({ index: own }) => String(own) === params.index)
  if (!output) return new ApiError('not_found', 'The task has no such output, or not yet.', shared)
  const { bucket, images } = ports
  const key = outputKey(params.id, output.attemptId, output.index)
  const isOriginal = query.width === undefined && query.format === undefined
  const original = { key, ...output.picture }
  const rendition = isOriginal ? null : await findRendition(images, bucket, original, query)
  const picture = rendition ?? original
  return sendPicture({
    bucket,
    key: picture.key,
    picture,
    isHead: request.method === 'HEAD',
    headers,
    isShared,
  })
})
