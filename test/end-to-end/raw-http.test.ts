/**
 * What only a raw socket can say: lying lengths, endless bodies, paths and headers that no client
 * library would send. The gateway answers with a documented error, or the runtime in front of it
 * hangs up; nothing is made, and the next client is served.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Imagegate } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'
import { expectDocumented } from '../world/documented.ts'

const ANSWER_TIMEOUT_MS = 10_000
const MEGABYTE = 1024 * 1024
/** Whole, this is a 400; cut off, it is one too. */
const TASK = '{"prompt":"x","colour":"red"}'
const HEX_LENGTH = TASK.length.toString(16)

let data: string
let sandbox: SandboxServer
let gateway: LocalGateway
let key: string

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imagegate-raw-'))
  sandbox = await startSandbox(0, () => 1)
  gateway = await startGateway(sandbox.origin, data, 0)
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  key = (await operator.keys.create({ name: 'test' })).key
}, 60_000)

afterAll(async () => {
  await gateway.close()
  sandbox.close()
  await rm(data, { recursive: true, force: true })
})

/** Sends the bytes and reads until the other side hangs up; half-closes after the last byte. */
function say(parts: Iterable<string | Buffer>): Promise<string> {
  const { hostname, port } = new URL(gateway.url)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const end = () => resolve(Buffer.concat(chunks).toString('latin1'))
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(part)
      socket.end()
    })
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      socket.destroy()
      reject(new Error(`no answer, but ${Buffer.concat(chunks).toString('latin1')}`))
    })
    socket.on('data', (chunk) => chunks.push(chunk))
    // A side that has answered may reset the rest of what it does not want to read.
    socket.on('error', end)
    socket.on('close', end)
  })
}

const post = (headers: string, path = '/v1/tasks') =>
  `POST ${path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nConnection: close\r\n${headers}\r\n\r\n`

const get = (target: string, method = 'GET') =>
  `${method} ${target} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${gateway.adminToken}\r\nConnection: close\r\n\r\n`

/** The gateway's answer must be a documented one; the runtime's own may be any refusal. */
function check(raw: string): number {
  if (raw === '') return 0
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    }),
  )
  if (headers.has('x-request-id')) {
    const text = rest.join('\r\n\r\n').match(/\{.*\}/s)?.[0] ?? ''
    expectDocumented({ status, headers, text }, text === '')
  } else {
    expect([400, 404, 411, 413, 414, 431, 501], raw).toContain(status)
  }
  return status
}

describe('bodies', () => {
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
  const cases: Array<[string, string, Iterable<string>, number[]]> = [
    ['shorter than they say', 'Content-Length: 500', [TASK], [0, 400]],
    ['longer than they say', 'Content-Length: 5', [TASK], [400]],
    ['without a length', 'X: y', [TASK], [400]],
    ['of length zero', 'Content-Length: 0', [TASK], [400]],
    ['of negative length', 'Content-Length: -1', [TASK], [400]],
    ['of a length in words', 'Content-Length: many', [TASK], [400]],
    ['of a length in hex', 'Content-Length: 0xe', [TASK], [400]],
    ['of two lengths', 'Content-Length: 14\r\nContent-Length: 5', [TASK], [400]],
    ['of a length beyond numbers', `Content-Length: 1${'0'.repeat(30)}`, [TASK], [400, 413]],
    ['said to be too long', 'Content-Length: 99999999', [TASK], [0, 413]],
    ['that are too long', `Content-Length: ${2 * MEGABYTE}`, [' '.repeat(2 * MEGABYTE)], [0, 413]],
    ['in endless chunks', 'Transfer-Encoding: chunked', Array(40).fill(chunk), [0, 413]],
    [
      'in chunks without end',
      'Transfer-Encoding: chunked',
      [`${HEX_LENGTH}\r\n${TASK}\r\n`],
      [0, 400],
    ],
    [
      'in chunks of no size',
      'Transfer-Encoding: chunked',
      [`zz\r\n${TASK}\r\n0\r\n\r\n`],
      [0, 400],
    ],
    ['in a huge chunk', 'Transfer-Encoding: chunked', ['fffffffffffffffff\r\nx'], [0, 400, 413]],
    [
      'with a length and chunks',
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
      [`${HEX_LENGTH}\r\n${TASK}\r\n0\r\n\r\n`],
      [400],
    ],
    ['in an unknown coding', 'Transfer-Encoding: rot13', [TASK], [400, 501]],
  ]
  it.each(cases)('%s', async (_, headers, parts, statuses) => {
    expect(statuses).toContain(check(await say([post(headers), ...parts])))
  })

  it('that stop coming are let go when their sender goes', async () => {
    expect([0, 400]).toContain(check(await say([post('Content-Length: 500'), '{'])))
  })
})

describe('headers', () => {
  const body = `Content-Length: ${TASK.length}`
  it.each([
    ['a line break in a value', `Idempotency-Key: a\nX-Evil: b\r\n${body}`],
    ['a bare carriage return', `Idempotency-Key: a\rb\r\n${body}`],
    ['NUL', `Idempotency-Key: a\0b\r\n${body}`],
    ['no colon', `Idempotency-Key\r\n${body}`],
    ['no name', `: x\r\n${body}`],
    ['a long key', `Idempotency-Key: ${'x'.repeat(256)}\r\n${body}`],
    ['an empty key', `Idempotency-Key: \r\n${body}`],
    ['a megabyte', `X-Long: ${'x'.repeat(MEGABYTE)}\r\n${body}`],
    ['ten thousand of them', `${'X-Many: x\r\n'.repeat(10_000)}${body}`],
  ])('%s', async (_, headers) => {
    const status = check(await say([post(headers, '/v1/quotes'), TASK]))
    expect([0, 400, 413, 431]).toContain(status)
  })

  it('with bytes beyond ASCII let nobody in', async () => {
    const head = 'GET /v1/keys HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n'
    const odd = Buffer.from('Authorization: Bearer \xff\xfe\x80\r\n\r\n', 'latin1')
    expect([400, 401]).toContain(check(await say([head, odd])))
  })
})

describe('targets', () => {
  it.each([
    ...['/v1/tasks/../keys/../../etc/passwd', '/v1/tasks/%2e%2e/%2e%2e/etc', '//v1/keys//', '/%00'],
    ...['/v1/keys/%ff', '/v1/keys\\..\\x', '/v1/keys%2f', '/V1/KEYS', '/v1/keys/.', '/v1//keys'],
    ...['http://evil.example.com/v1/nothing', 'nothing', '?', '#', '/v1/keys\t/x', '/\u0001'],
    ...[`/${'x'.repeat(100_000)}`, `/?${'x=y&'.repeat(20_000)}`, '/v1/tasks/\xff\xfe'],
  ])('%j', async (target) => {
    expect([0, 400, 404, 405, 414, 431, 501]).toContain(check(await say([get(target)])))
  })

  it.each(['TRACE', 'FOO', 'get', 'OPTIONS', 'PROPFIND', 'PURGE', ''])(
    'method %j',
    async (method) => {
      expect([0, 400, 404, 405, 501]).toContain(check(await say([get('/v1/keys', method)])))
    },
  )

  it.each([
    'GET /',
    'GET / HTTP/9.9\r\n\r\n',
    '\0\0\0\0',
    'GET / HTTP/1.1\r\n',
    '\x16\x03\x01\x02',
  ])('no request at all: %j', async (text) => {
    check(await say([text]))
  })
})

it('is alive after all that, and has bought nothing', async () => {
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
  expect(await (await fetch(`${sandbox.origin}/_sandbox/submissions`)).json()).toEqual([])
})
