/** What a request reads does not grow with what is in the tables: counted beside 10⁵ tasks. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import worker from '../../../src/index'
import type { NewKeyJson } from '../../../src/wire/key'
import type { TaskListJson } from '../../../src/wire/task'
import { ADMIN_TOKEN, ORIGIN, post } from '../world/gateway'
import { rowsRead } from '../world/rows-read'

const TASKS = 100_000
/** Of them the client's own; the rest belong to somebody else. */
const OWN = 5_000
const PERIOD_MS = 30 * 24 * 60 * 60_000
const NOW = Date.now()
const ROWS_MAX = 5_000

let key: string
let newcomer: string
let existing: string

/** The n-th of the seeded tasks, oldest first, all finished; one in `TASKS / OWN` is the client's. */
const SEEDED = `with recursive numbers(n) as (
  select 0 union all select n + 1 from numbers where n < ${TASKS - 1}
), seeded as (
  select n, ${NOW - PERIOD_MS} + n * ${PERIOD_MS / TASKS} as at,
    printf('%012x%020x', ${NOW - PERIOD_MS} + n * ${PERIOD_MS / TASKS}, n) as digits,
    case when n % ${TASKS / OWN} = 0 then ? else 'key_other' end as key_id
  from numbers
)`

async function seed(keyId: string): Promise<void> {
  const request = `json_object('model', 'gpt-image-2', 'n', 1, 'prompt', 'A seed', 'metadata', json_object('n', cast(n as text)))`
  await env.DB.batch([
    env.DB.prepare(
      `${SEEDED} insert into tasks (id, key_id, status, version, request, candidates, created_at, deadline_at, completed_at, due_interval_ms)
       select 'task_' || digits, key_id, 'succeeded', 5, ${request},
         '[{"provider":"gptimage2.ai","model":"gpt-image-2"}]', at, at + 900000, at + 30000, 0 from seeded`,
    ).bind(keyId),
    env.DB.prepare(
      `${SEEDED} insert into attempts (id, task_id, provider, model, candidate, indexes, status, awaits_callback, misses, credits, charged, started_at, lease_until, ended_at)
       select 'att_' || digits, 'task_' || digits, 'gptimage2.ai', 'gpt-image-2', 0, '[0]', 'succeeded', 0, 0, 10, 'yes', at, at, at + 30000 from seeded`,
    ).bind(keyId),
    env.DB.prepare(
      `${SEEDED} insert into outputs (task_id, "index", attempt_id, faults, retry_at, content_type, bytes, sha256, stored_at)
       select 'task_' || digits, 0, 'att_' || digits, 0, 0, 'image/png', 1, 'x', at from seeded`,
    ).bind(keyId),
  ])
}

beforeAll(async () => {
  const made = await (await post('/v1/keys', ADMIN_TOKEN, { name: 'own' })).json<NewKeyJson>()
  const other = await (await post('/v1/keys', ADMIN_TOKEN, { name: 'new' })).json<NewKeyJson>()
  key = made.key
  newcomer = other.key
  await seed(made.id)
  existing = `/v1/tasks/${(await list('?limit=1')).data[0]?.id}`
}, 120_000)

/** Nobody was told of the tasks that were made here, so nobody would end them. */
afterAll(async () => {
  await env.DB.exec("update tasks set status = 'canceled' where status = 'queued'")
})

/** Straight into the Worker, so that its runners' reads are not counted. */
async function ask(path: string, token = key, init: RequestInit = {}): Promise<Response> {
  const context = createExecutionContext()
  const headers = { ...init.headers, authorization: `Bearer ${token}` }
  const runner = { getByName: () => ({ wake: async () => undefined }) }
  const request = new Request(ORIGIN + path, { ...init, headers })
  const response = await worker.fetch(request, { ...env, RUNNER: runner } as never, context)
  await waitOnExecutionContext(context)
  return response
}

async function list(query: string, token = key): Promise<TaskListJson> {
  const response = await ask(`/v1/tasks${query}`, token)
  expect(response.status).toBe(200)
  return response.json()
}

const now = new Date(NOW).toISOString()
const LISTS: Array<[query: string, rowsMax: number]> = [
  ['', 300],
  ['?limit=100', 1_500],
  ['?status=succeeded', 300],
  ['?status=failed', ROWS_MAX],
  ['?error=timed_out', ROWS_MAX],
  ['?provider=aivideoapi.ai', ROWS_MAX],
  ['?charged=no', ROWS_MAX],
  ['?charged=unknown', ROWS_MAX],
  ['?metadata[n]=x', ROWS_MAX],
  ['?q=missing', ROWS_MAX],
  ['?status=failed&provider=aivideoapi.ai&charged=no&error=timed_out&q=x&metadata[n]=x', ROWS_MAX],
  [`?created_after=${now}`, 50],
  ['?created_before=2020-01-01', 50],
]

it.each(LISTS)('GET /v1/tasks%s', async (query, rowsMax) => {
  const rows = await rowsRead(() => list(query))
  expect(rows).toBeLessThanOrEqual(rowsMax)
})

it.each(LISTS)('GET /v1/tasks%s by the operator', async (query, rowsMax) => {
  const rows = await rowsRead(() => list(query, ADMIN_TOKEN))
  expect(rows).toBeLessThanOrEqual(rowsMax)
})

const REQUESTS: Array<[name: string, rowsMax: number, work: () => Promise<Response>]> = [
  ['a task', 20, () => ask(existing)],
  ['a task for the operator', 20, () => ask(existing, ADMIN_TOKEN)],
  ['a task that is not there', 20, () => ask('/v1/tasks/task_none')],
  ['its deliveries', 20, () => ask(`${existing}/deliveries`)],
  ['its picture', 20, () => ask(`${existing}/outputs/0`)],
  ['its events', 20, () => ask(`${existing}/events`)],
  ['a quote', 2_000, () => order('/v1/quotes')],
  ['a new task', 50, () => order('/v1/tasks', 'gptimage2.ai')],
  ['a new task with an idempotency key', 50, () => order('/v1/tasks', 'gptimage2.ai', 'once')],
  ['a repeat', 50, () => order('/v1/tasks', 'gptimage2.ai', 'once')],
  ['a new task where health decides', 2_000, () => order('/v1/tasks')],
  ['the providers', ROWS_MAX, () => ask('/v1/providers')],
  ['the models', 20, () => ask('/v1/models')],
  ['the health', 20, () => ask('/healthz')],
]

function order(path: string, provider = 'auto', idempotencyKey?: string): Promise<Response> {
  const body = JSON.stringify({ prompt: 'A drop in the sea', provider })
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey
  return ask(path, key, { method: 'POST', headers, body })
}

it.each(REQUESTS)('%s', async (_, rowsMax, work) => {
  const rows = await rowsRead(async () => (await work()).text())
  expect(rows).toBeLessThanOrEqual(rowsMax)
})

it('nothing of others for a key without tasks', async () => {
  const rows = await rowsRead(() => list(`?created_after=${now}&status=failed`, newcomer))
  // The key itself, and the end of its stretch of the index.
  expect(rows).toBeLessThanOrEqual(5)
})

it('what is far between is found over several pages, each short', async () => {
  let query = '?metadata[n]=20'
  let pages = 0
  for (;;) {
    const { data, next_cursor } = await list(query)
    pages++
    if (data.length > 0 || next_cursor === null) {
      expect(data.map(({ metadata }) => metadata)).toEqual([{ n: '20' }])
      break
    }
    query = `?metadata[n]=20&cursor=${next_cursor}`
  }
  expect(pages).toBeGreaterThan(2)
})
