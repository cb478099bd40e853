/**
 * What only a raw socket can say: lying lengths, endless bodies, paths and headers that no client
 * library would send. The gateway answers with one documented error, or the runtime in front of it
 * with a plain refusal; a task is made where the request is legal after all, and nowhere else.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Task } from '../../client/index.ts'
import { answerOf, say } from './raw-socket.ts'
import { startWorld, type World } from './world.ts'

const TRIES_MAX = 20
const MEGABYTE = 1024 * 1024
/** Whole, this is a 400; cut off, it is one too. */
const TASK = '{"prompt":"x","colour":"red"}'
const HEX_LENGTH = TASK.length.toString(16)
/** What the gateway answers, and what the runtime does before the gateway hears of it. */
const INVALID = '400 invalid_request'
const TOO_LARGE = '413 body_too_large'
const NOT_FOUND = '404 not_found'
const NOT_ALLOWED = '405 method_not_allowed'
const UNHEARD = '400 unheard'
const UNKNOWN_METHOD = '501 unheard'

let world: World
beforeAll(async () => {
  world = await startWorld(1)
}, 60_000)

afterAll(() => world.stop())

const post = (headers: string) =>
  `POST /v1/tasks HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${world.key.key}\r\nContent-Type: application/json\r\nConnection: close\r\n${headers}\r\n\r\n`

const get = (target: string, method = 'GET') =>
  `${method} ${target} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${world.gateway.adminToken}\r\nConnection: close\r\n\r\n`

/** Asks again when nothing came: who hangs up on a sender may take the answer back with it. */
async function answerTo(parts: Iterable<string | Buffer>): Promise<string> {
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const raw = await say(world.gateway.url, parts)
    if (raw !== '') return answerOf(raw)
  }
  return 'none'
}

describe('bodies', () => {
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
  const chunked = 'Transfer-Encoding: chunked'
  const cases: Array<[string, string, Iterable<string>, string]> = [
    ['shorter than they say', 'Content-Length: 500', [TASK], INVALID],
    ['that stop coming after a byte', 'Content-Length: 500', ['{'], INVALID],
    ['longer than they say', 'Content-Length: 5', [TASK], INVALID],
    ['without a length', 'X: y', [TASK], INVALID],
    ['with a name twice', 'Content-Length: 27', ['{"prompt":"x","prompt":"x"}'], INVALID],
    ['of length zero', 'Content-Length: 0', [TASK], INVALID],
    ['of negative length', 'Content-Length: -1', [TASK], UNHEARD],
    ['of a length in words', 'Content-Length: many', [TASK], UNHEARD],
    ['of a length in hex', 'Content-Length: 0xe', [TASK], UNHEARD],
    ['of two lengths', 'Content-Length: 14\r\nContent-Length: 5', [TASK], UNHEARD],
    ['of a length beyond numbers', `Content-Length: 1${'0'.repeat(30)}`, [TASK], UNHEARD],
    ['said to be too long', 'Content-Length: 99999999', [TASK], TOO_LARGE],
    ['that are too long', `Content-Length: ${2 * MEGABYTE}`, [' '.repeat(2 * MEGABYTE)], TOO_LARGE],
    ['in endless chunks', chunked, Array(40).fill(chunk), TOO_LARGE],
    ['in chunks without end', chunked, [`${HEX_LENGTH}\r\n${TASK}\r\n`], INVALID],
    ['in chunks of no size', chunked, [`zz\r\n${TASK}\r\n0\r\n\r\n`], INVALID],
    ['in a huge chunk', chunked, ['fffffffffffffffff\r\nx'], INVALID],
    [
      'with a length and chunks',
      `Content-Length: 5\r\n${chunked}`,
      [`${HEX_LENGTH}\r\n${TASK}\r\n0\r\n\r\n`],
      INVALID,
    ],
    ['in an unknown coding', 'Transfer-Encoding: rot13', [TASK], UNHEARD],
  ]
  it.each(cases)('%s', async (_, headers, parts, expected) => {
    expect(await answerTo([post(headers), ...parts])).toBe(expected)
  })
})

describe('headers', () => {
  it.each([
    ['the longest key', `Idempotency-Key: ${'x'.repeat(255)}`, '202'],
    ['a long key', `Idempotency-Key: ${'x'.repeat(256)}`, INVALID],
    ['an empty key', 'Idempotency-Key: ', INVALID],
    // Such a line ends as one does with a carriage return, so these are two headers.
    ['a line break in a value', 'Idempotency-Key: a\nX-Evil: b', '202'],
    ['a bare carriage return', 'Idempotency-Key: a\rb', UNHEARD],
    ['NUL', 'Idempotency-Key: a\0b', UNHEARD],
    ['no colon', 'Idempotency-Key', UNHEARD],
    ['no name', ': x', UNHEARD],
    ['a megabyte', `X-Long: ${'x'.repeat(MEGABYTE)}`, '431 unheard'],
    ['ten thousand of them', `${'X-Many: x\r\n'.repeat(10_000)}X-Last: x`, '202'],
  ])('%s', async (_, headers, expected) => {
    const prompt = crypto.randomUUID()
    const body = JSON.stringify({ prompt, provider: 'gptimage2.ai' })
    const sent = [post(`Content-Length: ${body.length}\r\n${headers}`), body]
    expect(await answerTo(sent)).toBe(expected)
    expect((await tasksOf(prompt)).length).toBe(expected === '202' ? 1 : 0)
  })

  it('with bytes beyond ASCII let nobody in', async () => {
    const head = 'GET /v1/keys HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n'
    const odd = Buffer.from('Authorization: Bearer \xff\xfe\x80\r\n\r\n', 'latin1')
    expect(await answerTo([head, odd])).toBe('401 invalid_api_key')
  })
})

describe('targets', () => {
  const cases: Record<string, string[]> = {
    [NOT_FOUND]: [
      ...['/v1/tasks/../keys/../../etc/passwd', '/v1/tasks/%2e%2e/%2e%2e/etc', '//v1/x//'],
      ...['/%00', '/v1/keys\\..\\x', '/v1/keys%2f', '/V1/KEYS', '//evil.example.com/v1/keys'],
      'http://evil.example.com/v1/nothing',
    ],
    // Not a path at all: the page is shown, which is for everybody.
    '200 unheard': ['nothing'],
    // A slash too many.
    '200': ['//v1/keys//', '/v1//keys', '/v1/keys/.'],
    '404 task_not_found': ['/v1/tasks/\xff\xfe'],
    [NOT_ALLOWED]: ['/v1/keys/%ff'],
    [UNHEARD]: ['?', '#', '/v1/keys\t/x', '/\u0001'],
    '414 unheard': [`/${'x'.repeat(100_000)}`, `/?${'x=y&'.repeat(20_000)}`],
  }
  const targets = Object.entries(cases).flatMap(([expected, list]) =>
    list.map((target): [string, string] => [target, expected]),
  )
  it.each(targets)('%j', async (target, expected) => {
    expect(await answerTo([get(target)])).toBe(expected)
  })

  it.each([
    ...['TRACE', 'OPTIONS', 'PROPFIND', 'PURGE'].map((method) => [method, NOT_ALLOWED]),
    ...['FOO', 'get'].map((method) => [method, UNKNOWN_METHOD]),
    ['', UNHEARD],
  ])('method %j', async (method, expected) => {
    expect(await answerTo([get('/v1/keys', method)])).toBe(expected)
  })

  it.each([
    ['GET /', 'none'],
    ['GET / HTTP/1.1\r\n', 'none'],
    ['GET / HTTP/9.9\r\n\r\n', UNHEARD],
    ['\0\0\0\0', UNHEARD],
    ['\x16\x03\x01\x02', UNHEARD],
  ])('no request at all: %j', async (text, expected) => {
    expect(await answerTo([text])).toBe(expected)
  })
})

it('is alive after all that, and has bought one picture for each task it took', async () => {
  expect((await fetch(`${world.gateway.url}/healthz`)).status).toBe(200)
  const tasks = await tasksOf('')
  expect(tasks).toHaveLength(3)
  for (const { id } of tasks) expect((await world.client.tasks.wait(id)).status).toBe('succeeded')
  const submissions = await fetch(`${world.sandbox.origin}/_sandbox/submissions`)
  expect(await submissions.json()).toHaveLength(tasks.length)
})

/** Those in whose prompt the text is. */
async function tasksOf(text: string): Promise<Task[]> {
  const { data: tasks } = await world.client.tasks.list({ limit: 100 })
  return tasks.filter(({ request }) => request.prompt?.includes(text))
}
