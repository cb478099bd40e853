/**
 * `/callbacks/{provider}/{attempt}/{token}`: a provider says that there is news.
 *
 * Invariant: the body is unsigned, so nothing in it is believed. It leaves a hint on the attempt
 * and makes the task due; the runner asks the provider with our key. The answer is 2xx only once
 * the hint is in the database.
 */
import { Hono } from 'hono'
import * as z from 'zod'
import { findTaskOfAttempt } from '../db/attempts'
import { isCallbackToken } from '../flow/callback-url'
import { settle } from '../flow/settle'
import { parseJson, readText } from './body'
import type { AppEnv } from './context'
import { ApiError } from './errors'

const BODY_BYTES_MAX = 1024 * 1024

/** aivideoapi.ai: the payload matches the answer of its task endpoint. */
const payloadSchema = z.looseObject({ id: z.string().min(1).max(255) })

export const callbacks = new Hono<AppEnv>()

callbacks.post('/aivideoapi.ai/:attempt/:token', async (c) => {
  const engine = c.get('engine')
  const { attempt, token } = c.req.param()
  const unknown = new ApiError('not_found', 'There is nothing at this path.')
  if (!(await isCallbackToken(engine.settings, attempt, token))) throw unknown
  const taskId = await findTaskOfAttempt(engine.database, attempt)
  if (taskId === null) throw unknown

  const payload = payloadSchema.safeParse(parseJson(await readText(c, BODY_BYTES_MAX)))
  if (!payload.success) throw new ApiError('invalid_request', 'The body names no task id.')
  const { id: reference } = payload.data
  await settle(engine, taskId, { type: 'hinted', attemptId: attempt, reference })
  c.executionCtx.waitUntil(engine.wake(taskId))
  return c.json({ received: true })
})
