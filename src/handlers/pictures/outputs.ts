/** `GET /v1/tasks/{id}/outputs/{index}`: the picture, streamed from R2. */
import * as z from 'zod'
import { storedOutputs } from '../../core/task'
import { outputKey } from '../../outputs/bucket'
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
    'With a key, or by the signed `url` of the output without one. `HEAD`, `Range` and `ETag` work.',
  access: 'picture',
  params: taskParams.extend({ index }),
  headers: pictureHeaders,
  answers: pictureAnswers(OUTPUT_TYPES),
  errors: ['not_found', 'task_not_found', 'range_not_satisfiable'],
  examples: [{ title: 'Fetch' }, { title: 'Its first bytes', headers: { Range: 'bytes=0-1023' } }],
}).handle(async ({ ports, caller, params, headers, request }) => {
  const isShared = caller.kind === 'signed'
  const shared = isShared ? { headers: { 'Access-Control-Allow-Origin': '*' } } : {}
  const task = await findTask(ports, params.id, keyIdOf(caller))
  if (isApiError(task)) return new ApiError(task.code, task.message, shared)
  const output = storedOutputs(task).find(({ index: own }) => String(own) === params.index)
  if (!output) return new ApiError('not_found', 'The task has no such output, or not yet.', shared)
  return sendPicture({
    bucket: ports.bucket,
    key: outputKey(params.id, output.attemptId, output.index),
    picture: output.picture,
    isHead: request.method === 'HEAD',
    headers,
    isShared,
  })
})
