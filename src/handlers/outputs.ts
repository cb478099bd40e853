/** `/v1/tasks/{id}/outputs/{index}`: the picture, streamed from R2. */
import { Hono } from 'hono'
import { storedOutputs } from '../core/task'
import { outputKey } from '../outputs/bucket'
import { authenticateReader } from './auth'
import type { AppEnv } from './context'
import { ApiError } from './errors'
import { findTask } from './find-task'
import { sendPicture } from './picture'

export const outputs = new Hono<AppEnv>()

outputs.get('/:id/outputs/:index', async (c) => {
  const { id, index } = c.req.param()
  const principal = await authenticateReader(c)
  if (principal.kind === 'signed') c.header('Access-Control-Allow-Origin', '*')
  const task = await findTask(c, principal)
  const output = storedOutputs(task).find((candidate) => String(candidate.index) === index)
  if (!output) throw new ApiError('not_found', 'The task has no such output, or not yet.')
  return sendPicture(c, outputKey(id, output.attemptId, output.index), output.picture)
})
