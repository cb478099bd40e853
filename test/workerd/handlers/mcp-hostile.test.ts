/** Hostile messages to the MCP endpoint: each is refused or answered, nothing is paid or told, nothing written. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dumpEverything } from '../world/endpoints'
import {
  ADMIN_TOKEN,
  call,
  makeKey,
  ORIGIN,
  paidJobs,
  runTask,
  uniquePrompt,
} from '../world/gateway'
import { message, modern, send, useTool } from '../world/mcp'

const PROMPT = uniquePrompt('A trap')
const make = message('tools/call', { name: 'generate_image', arguments: { prompt: PROMPT } })
const quote = message('tools/call', { name: 'quote', arguments: { prompt: PROMPT } })
const MIB = 2 ** 20

let key: string
/** A task of another key. */
let others: string
let stranger: string
let before: Record<string, unknown[]>
beforeAll(async () => {
  key = await makeKey()
  stranger = await makeKey('other')
  others = (await runTask(stranger, { prompt: 'Mine', provider: 'aivideoapi.ai' })).id
  // Who looks at it first has its preview made.
  await useTool(stranger, 'get_task', { id: others })
  before = await dumpEverything()
})

afterAll(async () => {
  expect(await dumpEverything()).toEqual(before)
  expect(await paidJobs(PROMPT)).toEqual([])
})

const REFUSED: Array<[name: string, status: number, body: unknown, headers?: object]> = [
  ['a batch', 400, [make, make]],
  ['a batch of one', 400, [make]],
  ['an empty batch', 400, []],
  ['a batch of 2026-07-28', 400, [modern(make).body], modern(make).headers],
  ['no message', 400, {}],
  ['null', 400, null],
  ['another version of JSON-RPC', 400, { ...make, jsonrpc: '1.0' }],
  ['an id that is null', 400, { ...make, id: null }],
  ['an id that is an object', 400, { ...make, id: {} }],
  ['no Accept', 406, make, { accept: '' }],
  ['an Accept of JSON only', 406, make, { accept: 'application/json' }],
  ['another content type', 415, make, { 'content-type': 'text/plain' }],
  ['a form', 415, make, { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a version that nobody knows', 400, make, { 'mcp-protocol-version': '2099-01-01' }],
  ['a version that is none', 400, make, { 'mcp-protocol-version': "' or 1=1" }],
  ['2026-07-28 without its envelope', 400, make, { 'mcp-protocol-version': '2026-07-28' }],
  ['another version in its envelope', 400, modern(make, '2099-01-01').body, modern(make).headers],
  ['another tool in its headers', 400, modern(make).body, modern(quote).headers],
  ['a megabyte too many', 413, { ...make, padding: 'x'.repeat(4 * MIB) }],
]

it.each(REFUSED)('refuses %s', async (_, status, body, headers) => {
  const response = await send(key, body, headers)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({
    jsonrpc: '2.0',
    error: { code: expect.any(Number), message: expect.any(String) },
  })
})

it.each([
  ['a name that stands twice', `{"prompt":"${PROMPT}","max_usd":0.001,"max_usd":9}`, 400],
  ['what is no JSON', '{', 400],
  ['broken UTF-8', '"\xff"', 400],
])('refuses %s', async (_, given, status) => {
  const text = JSON.stringify(make).replace(/\{"prompt":"[^"]*"\}/, given)
  const body = Uint8Array.from(text, (character) => character.charCodeAt(0))
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  }
  const response = await call('/mcp', { method: 'POST', token: key, headers, body })
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ jsonrpc: '2.0', id: null })
})

it.each([
  ['initialized', message('notifications/initialized')],
  ['that a call is cancelled', message('notifications/cancelled', { requestId: 1 })],
  ['of something unknown', message('notifications/x')],
  ['that is a call', make],
])('takes a notification %s, and does nothing', async (_, { id: _id, ...notification }) => {
  const response = await send(key, notification)
  expect([response.status, await response.text()]).toEqual([202, ''])
})

it('takes client keys only, and no page of another site', async () => {
  const statusOf = async (token: string, headers = {}) => (await send(token, quote, headers)).status
  expect(await statusOf('')).toBe(401)
  expect(await statusOf('ig_wrong')).toBe(401)
  expect(await statusOf(ADMIN_TOKEN)).toBe(403)
  for (const origin of ['https://evil.example', 'null', `${ORIGIN}.evil.example`])
    expect(await statusOf(key, { origin })).toBe(403)
  expect((await send('', quote)).headers.get('www-authenticate')).toBe('Bearer')
})

it('has no sessions and no streams of its own', async () => {
  const headers = { accept: 'text/event-stream', 'mcp-session-id': 'mine', 'last-event-id': '1' }
  for (const method of ['GET', 'DELETE', 'PUT', 'OPTIONS']) {
    const response = await call('/mcp', { method, token: key, headers })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  }
  const answered = await send(key, quote, { 'mcp-session-id': 'mine', 'last-event-id': '1' })
  expect([answered.status, answered.headers.get('mcp-session-id')]).toEqual([200, null])
  await answered.text()
})

it.each(['get_task', 'cancel_task'])(
  'tells nobody of the tasks of another key by %s',
  async (name) => {
    const given = { ...(name === 'get_task' ? { wait_seconds: 0 } : {}) }
    const theirs = await useTool(key, name, { ...given, id: others })
    const none = await useTool(key, name, { ...given, id: 'task_none' })
    expect(theirs).toEqual(none)
    expect(theirs).toMatchObject({ isError: true, text: 'task_not_found: There is no such task.' })
  },
)

it.each(['get', 'update', 'cancel'])('nor by tasks/%s', async (verb) => {
  const about = async (taskId: string, token = key) => {
    const { body, headers } = modern(message(`tasks/${verb}`, { taskId }))
    const response = await send(token, body, headers)
    return [response.status, await response.text()]
  }
  const theirs = await about(others)
  expect(theirs).toEqual(await about('task_none'))
  expect(theirs[1]).toContain('There is no such task.')
  expect((await about(others, stranger))[1]).toContain('"result"')
})
