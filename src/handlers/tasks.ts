/** `/v1/tasks`: make a task, read a task. */
import { Hono } from 'hono'
import { isTerminal } from '../core/task'
import { loadTask } from '../db/tasks'
import { type Acceptance, accept } from '../flow/accept'
import { authenticate, authenticateClient, mayRead } from './auth'
import { readJson } from './body'
import type { AppContext, AppEnv } from './context'
import { ApiError, invalid, noProviderConfigured, taskNotFound } from './errors'
import { taskJson } from './task-json'
import { taskRequestSchema } from './task-request'

const IDEMPOTENCY_KEY_LENGTH_MAX = 255

export const tasks = new Hono<AppEnv>()

tasks.post('/', async (c) => {
  const engine = c.get('engine')
  const keyId = await authenticateClient(c)
  const idempotencyKey = readIdempotencyKey(c)
  const request = await readJson(c, taskRequestSchema(engine.settings))
  const acceptance = await accept(engine, keyId, request, idempotencyKey)
  const { task, isReplay } = taken(acceptance)
  if (!isReplay) c.executionCtx.waitUntil(engine.wake(task.id))

  c.header('Location', `/v1/tasks/${task.id}`)
  if (isReplay) c.header('Idempotent-Replayed', 'true')
  const status = isTerminal(task) ? 200 : 202
  return c.json(await taskJson(engine.settings, task, engine.now()), status)
})

tasks.get('/:id', async (c) => {
  const engine = c.get('engine')
  const principal = await authenticate(c)
  const task = await loadTask(engine.database, c.req.param('id'))
  if (!task || !mayRead(principal, task)) throw taskNotFound()
  return c.json(await taskJson(engine.settings, task, engine.now()))
})

function readIdempotencyKey(c: AppContext): string | null {
  const key = c.req.header('Idempotency-Key')
  if (key === undefined) return null
  if (key.length === 0 || key.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
    throw invalid(
      'Idempotency-Key',
      `Idempotency-Key must have 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} characters.`,
    )
  }
  return key
}

/** @throws ApiError when no task was made. */
function taken(acceptance: Acceptance) {
  switch (acceptance.kind) {
    case 'accepted':
      return { task: acceptance.task, isReplay: false }
    case 'replayed':
      return { task: acceptance.task, isReplay: true }
    case 'key_reused':
      throw new ApiError(
        'idempotency_key_reused',
        'This Idempotency-Key was used for another request. Use a new key for a new picture.',
        { param: 'Idempotency-Key' },
      )
    case 'no_provider_configured':
      throw noProviderConfigured()
    case 'not_eligible': {
      const providers = acceptance.quotes.map(({ provider, model, reason }) => ({
        provider,
        model,
        reason,
      }))
      const reasons = providers.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ')
      throw new ApiError('no_eligible_provider', `No provider can make this picture. ${reasons}.`, {
        providers,
      })
    }
  }
}
