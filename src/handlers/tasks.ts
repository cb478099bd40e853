/** `/v1/tasks`: make, read, list, cancel and delete tasks. */
import { Hono } from 'hono'
import * as z from 'zod'
import { isTerminal, type Task } from '../core/task'
import { listTasks } from '../db/task-list'
import { accept } from '../flow/accept'
import { cancel } from '../flow/cancel'
import { forget } from '../flow/forget'
import { taskJson } from '../flow/task-json'
import { untilOver } from '../flow/wait'
import type { TaskListJson } from '../wire/task'
import { authenticate, authenticateClient } from './auth'
import { readJson } from './body'
import type { AppContext, AppEnv } from './context'
import { invalid } from './errors'
import { findTask } from './find-task'
import { readQuery, wholeNumberSchema } from './query'
import { rateLimitHeaders } from './rate-limit'
import { refused } from './refusals'
import { readTaskFilter } from './task-filter'
import { taskRequestSchema } from './task-request'

export const IDEMPOTENCY_KEY_LENGTH_MAX = 255
export const WAIT_SECONDS_MAX = 60

export const tasks = new Hono<AppEnv>()

tasks.post('/', async (c) => {
  const ports = c.get('ports')
  const client = await authenticateClient(c)
  const idempotencyKey = readIdempotencyKey(c)
  const waitSeconds = preferredWait(c)
  const request = await readJson(c, taskRequestSchema(ports.settings))
  const acceptance = await accept(ports, client, request, idempotencyKey)
  if (!acceptance.ok) throw refused(acceptance.refusal)
  const { task, isReplay, window } = acceptance.value

  const current = await untilOver(ports, task, waitSeconds)
  c.header('Location', `/v1/tasks/${task.id}`)
  if (isReplay) c.header('Idempotent-Replayed', 'true')
  for (const [name, value] of rateLimitHeaders(client, window, ports.now())) c.header(name, value)
  if (waitSeconds > 0) c.header('Preference-Applied', `wait=${waitSeconds}`)
  return sendTask(c, current, isTerminal(current) ? 200 : 202)
})

tasks.get('/', async (c) => {
  const ports = c.get('ports')
  const principal = await authenticate(c)
  const { limit, ...filter } = readTaskFilter(c)
  const keyId = principal.kind === 'client' ? principal.key.id : null
  const page = await listTasks(ports.database, { ...filter, keyId }, limit)
  return c.json({
    data: await Promise.all(page.tasks.map((task) => taskJson(ports.settings, task, ports.now()))),
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
  return sendTask(c, await untilOver(c.get('ports'), task, wait), 200)
})

tasks.post('/:id/cancel', async (c) => {
  const ports = c.get('ports')
  const key = await authenticateClient(c)
  const task = await findTask(c, { kind: 'client', key })
  const canceled = await cancel(ports, task)
  if (!canceled.ok) throw refused(canceled.refusal)
  return sendTask(c, canceled.value, 200)
})

tasks.delete('/:id', async (c) => {
  const ports = c.get('ports')
  const key = await authenticateClient(c)
  const task = await findTask(c, { kind: 'client', key })
  const forgotten = await forget(ports, task)
  if (!forgotten.ok) throw refused(forgotten.refusal)
  return c.body(null, 204)
})

async function sendTask(c: AppContext, task: Task, status: 200 | 202): Promise<Response> {
  const { settings, now } = c.get('ports')
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
