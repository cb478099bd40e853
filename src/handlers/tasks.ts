/** `/v1/tasks`: make, read, list, cancel and delete tasks. */
import { Hono } from 'hono'
import * as z from 'zod'
import { isTerminal, type Task } from '../core/task'
import { listTasks } from '../db/task-list'
import { loadTask } from '../db/tasks'
import { accept } from '../flow/accept'
import type { Engine } from '../flow/engine'
import { erase } from '../flow/erase'
import { settle } from '../flow/settle'
import { taskJson } from '../flow/task-json'
import { untilOver } from '../flow/wait'
import type { TaskListJson } from '../wire/task'
import { acceptedOf, rateLimitHeaders } from './acceptance'
import { authenticate, authenticateClient } from './auth'
import { readJson } from './body'
import type { AppContext, AppEnv } from './context'
import { ApiError, invalid } from './errors'
import { findTask } from './find-task'
import { readQuery, wholeNumberSchema } from './query'
import { readTaskFilter } from './task-filter'
import { taskRequestSchema } from './task-request'

export const IDEMPOTENCY_KEY_LENGTH_MAX = 255
export const WAIT_SECONDS_MAX = 60

export const tasks = new Hono<AppEnv>()

tasks.post('/', async (c) => {
  const engine = c.get('engine')
  const client = await authenticateClient(c)
  const idempotencyKey = readIdempotencyKey(c)
  const waitSeconds = preferredWait(c)
  const request = await readJson(c, taskRequestSchema(engine.settings))
  const acceptance = await accept(engine, client, request, idempotencyKey)
  const { task, isReplay, window } = acceptedOf(acceptance, client, engine.now())
  if (!isReplay) c.executionCtx.waitUntil(engine.wake(task.id))

  const current = await untilOver(engine, task, waitSeconds)
  c.header('Location', `/v1/tasks/${task.id}`)
  if (isReplay) c.header('Idempotent-Replayed', 'true')
  for (const [name, value] of rateLimitHeaders(client, window, engine.now())) c.header(name, value)
  if (waitSeconds > 0) c.header('Preference-Applied', `wait=${waitSeconds}`)
  return sendTask(c, current, isTerminal(current) ? 200 : 202)
})

tasks.get('/', async (c) => {
  const engine = c.get('engine')
  const principal = await authenticate(c)
  const { limit, ...filter } = readTaskFilter(c)
  const keyId = principal.kind === 'client' ? principal.key.id : null
  const page = await listTasks(engine.database, { ...filter, keyId }, limit)
  return c.json({
    data: await Promise.all(
      page.tasks.map((task) => taskJson(engine.settings, task, engine.now())),
    ),
    next_cursor: page.hasMore ? (page.tasks.at(-1)?.id ?? null) : null,
  } satisfies TaskListJson)
})

export const waitSchema = z.strictObject({
  wait: wholeNumberSchema(0, WAIT_SECONDS_MAX)
    .describe('Seconds to hold the answer, at most until the task is over.')
    .optional(),
})

tasks.get('/:id', async (c) => {
  const principal = await authenticate(c)
  const { wait = preferredWait(c) } = readQuery(c, waitSchema)
  const task = await findTask(c, principal)
  return sendTask(c, await untilOver(c.get('engine'), task, wait), 200)
})

tasks.post('/:id/cancel', async (c) => {
  const engine = c.get('engine')
  const key = await authenticateClient(c)
  const task = await findTask(c, { kind: 'client', key })
  const canceled =
    (await settle(engine, task.id, { type: 'canceled' })) ?? (await justCanceled(engine, task))
  if (!canceled) {
    const message =
      'Only a queued task can be canceled; this one is over, or a provider was asked and will be paid.'
    throw new ApiError('task_not_cancelable', message)
  }
  c.executionCtx.waitUntil(engine.wake(task.id))
  return sendTask(c, canceled, 200)
})

tasks.delete('/:id', async (c) => {
  const engine = c.get('engine')
  const key = await authenticateClient(c)
  const task = await findTask(c, { kind: 'client', key })
  if (!isTerminal(task))
    throw new ApiError('task_not_terminal', 'The task is still running; delete it when it is over.')
  await settle(engine, task.id, { type: 'deleted' })
  c.executionCtx.waitUntil(engine.wake(task.id))
  // What fails here is done by the task's runner.
  await erase(engine, task.id).catch(() => undefined)
  return c.body(null, 204)
})

/** The write may be applied although its answer got lost: what was queued a moment ago is canceled. */
async function justCanceled(engine: Engine, before: Task): Promise<Task | null> {
  if (before.status !== 'queued') return null
  const task = await loadTask(engine.database, before.id)
  return task?.status === 'canceled' ? task : null
}

async function sendTask(c: AppContext, task: Task, status: 200 | 202): Promise<Response> {
  const { settings, now } = c.get('engine')
  return c.json(await taskJson(settings, task, now()), status)
}

/** `Prefer: wait=N` in seconds, 0 when the client does not want to wait. */
function preferredWait(c: AppContext): number {
  const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?/i.exec(c.req.header('Prefer') ?? '')?.[1]
  return Math.min(Number(wait ?? 0), WAIT_SECONDS_MAX)
}

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
