/** What caches may keep: no JSON at all, and a picture only if they ask each time. */
import { beforeAll, expect, it } from 'vitest'
import type { TaskJson } from '../../../src/wire/task'
import { ADMIN_TOKEN, call, makeKey, post, runTask } from '../world/gateway'

let key: string
let task: TaskJson
beforeAll(async () => {
  key = await makeKey()
  task = await runTask(key, { prompt: 'A cache', provider: 'nanobananaapi.dev' })
})

const BODY = { prompt: 'A cache', provider: 'nanobananaapi.dev' }

it.each<[name: string, status: number, answer: () => Promise<Response>]>([
  ['a task', 200, () => call(`/v1/tasks/${task.id}`, { token: key })],
  ['a new task', 202, () => post('/v1/tasks', key, BODY)],
  ['a list', 200, () => call('/v1/tasks', { token: key })],
  ['deliveries', 200, () => call(`/v1/tasks/${task.id}/deliveries`, { token: key })],
  ['usage', 200, () => call('/v1/usage', { token: key })],
  ['a quote', 200, () => post('/v1/quotes', key, BODY)],
  ['models', 200, () => call('/v1/models', { token: key })],
  ['providers', 200, () => call('/v1/providers', { token: key })],
  ['keys', 200, () => call('/v1/keys', { token: ADMIN_TOKEN })],
  ['health', 200, () => call('/healthz')],
  ['a wrong field', 400, () => post('/v1/tasks', key, {})],
  ['no key', 401, () => call('/v1/tasks')],
  ['no such task', 404, () => call('/v1/tasks/task_none', { token: key })],
  ['no such path', 404, () => call('/nowhere', { token: key })],
  ['no such picture', 404, () => call(`/v1/tasks/${task.id}/outputs/7`, { token: key })],
  ['another method', 405, () => call('/v1/tasks', { method: 'PUT', token: key })],
])('%s is not kept', async (_, status, answer) => {
  const response = await answer()
  await response.arrayBuffer()
  expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store'])
})

it.each(['key', 'signed address'])('a picture, by %s, is asked for each time', async (way) => {
  const url = way === 'key' ? `/v1/tasks/${task.id}/outputs/0` : (task.outputs[0]?.url ?? '')
  const init = way === 'key' ? { token: key } : {}
  const etag = `"${task.outputs[0]?.sha256}"`
  const first = await call(url, init)
  await first.arrayBuffer()
  const again = await call(url, { ...init, headers: { 'if-none-match': etag } })
  expect([first.status, again.status]).toEqual([200, 304])
  for (const { headers } of [first, again]) {
    expect(headers.get('cache-control')).toBe('private, no-cache')
    expect(headers.get('etag')).toBe(etag)
  }
})

it('not even the reference is kept', async () => {
  const response = await call('/openapi.json')
  await response.arrayBuffer()
  expect(response.headers.get('cache-control')).toBe('no-store')
})
