/** Requests as clients really send them: compressed, with a slash too many, with files of any name. */
import { beforeAll, describe, expect, it } from 'vitest'
import { call, makeKey, ORIGIN, runTask } from '../world/gateway'
import { gzip } from '../world/hostile-input'

let key: string
let picture: Uint8Array<ArrayBuffer>
let signedUrl: string
beforeAll(async () => {
  key = await makeKey()
  const task = await runTask(key, { prompt: 'A stamp', provider: 'nanobananaapi.dev' })
  signedUrl = task.outputs[0]?.url ?? ''
  picture = new Uint8Array(await (await call(signedUrl)).arrayBuffer())
})

const JSON_TYPE = { 'content-type': 'application/json' }
const QUOTE = JSON.stringify({ prompt: 'A cat '.repeat(1000) })
const send = (path: string, body: BodyInit, headers = {}) =>
  call(ORIGIN + path, { method: 'POST', token: key, headers: { ...JSON_TYPE, ...headers }, body })

async function deflate(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Response(stream).arrayBuffer()
}

describe('a compressed body', () => {
  it.each([
    ['gzip', gzip],
    ['GZip', gzip],
    ['x-gzip', gzip],
    ['deflate', deflate],
    ['identity', async (text: string) => text],
  ])('is read when it is %s', async (coding, compress) => {
    const response = await send('/v1/quotes', await compress(QUOTE), { 'content-encoding': coding })
    expect(response.status).toBe(200)
  })

  const MANY = 16 * 1024 * 1024
  it.each<[what: string, path: string, body: () => Promise<BodyInit>, coding: string, number]>([
    ['in another coding', '/v1/quotes', async () => QUOTE, 'zstd', 415],
    ['in two codings', '/v1/quotes', () => gzip(QUOTE), 'gzip, gzip', 415],
    ['that is none', '/v1/quotes', async () => QUOTE, 'gzip', 400],
    ['that breaks off', '/v1/quotes', async () => (await gzip(QUOTE)).slice(0, -12), 'gzip', 400],
    ['that grows without end', '/v1/quotes', () => gzip(' '.repeat(MANY)), 'gzip', 413],
    ['that is a picture', '/v1/uploads', async () => picture, 'gzip', 415],
    ['of an edit', '/openai/v1/images/edits', () => gzip(QUOTE), 'gzip', 415],
    ['for an agent', '/mcp', () => gzip('{"jsonrpc":"2.0","id":1,"method":"ping"}'), 'gzip', 415],
  ])('%s is refused', async (_, path, body, coding, status) => {
    const response = await send(path, await body(), { 'content-encoding': coding })
    expect(response.status).toBe(status)
  })
})

describe('a slash too many', () => {
  it.each(['//v1/quotes', '/v1//quotes', '/v1/quotes/', '//v1///quotes//'])(
    'changes nothing: %s',
    async (path) => {
      expect((await send(path, QUOTE)).status).toBe(200)
      expect((await call(ORIGIN + path)).status).toBe(405)
    },
  )

  it.each(['/openai/v1//models/', '/v1/tasks/', '//v1/tasks', '/healthz/'])(
    'nor here: %s',
    async (path) => {
      expect((await call(ORIGIN + path, { token: key })).status).toBe(200)
      expect((await call(ORIGIN + path)).status).toBe(path === '/healthz/' ? 200 : 401)
    },
  )

  it('nor at a signed address, whose signature is still asked for', async () => {
    const twisted = signedUrl.replace('/v1/', '//v1//').replace('?', '/?')
    expect((await call(twisted)).status).toBe(200)
    expect((await call(twisted.replace('/outputs/0', '/outputs/1'))).status).toBe(403)
  })

  it('makes nothing out of what is not there', async () => {
    for (const path of ['//', '/v1//', '/v1/quotes/x//', '/v1/quotes%2f', '/v1/quotes\\..//x']) {
      expect((await call(ORIGIN + path, { token: key })).status, path).toBe(404)
    }
  })
})

describe('a picture in a form', () => {
  const formWith = (disposition: string, type: string) =>
    new Blob([
      `--b\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`,
      picture,
      '\r\n--b--\r\n',
    ])

  it.each([
    ['name="image"; filename="Screenshot 2026-11-02 at 3.45.12\u202fPM.png"', 'image/png'],
    ['name="image"; filename="日本の絵.png"', 'image/png'],
    ['name="image"', 'image/png'],
    ['name="image"', 'application/octet-stream'],
  ])('is one whatever it is called: %s, %s', async (disposition, type) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const uploaded = await send('/v1/uploads', formWith(disposition, type), headers)
    expect(uploaded.status).toBe(201)
    const edited = await send('/openai/v1/images/edits', formWith(disposition, type), headers)
    // The picture is taken; what is missing is the prompt.
    expect(await edited.json()).toMatchObject({ error: { param: 'prompt' } })
  })
})
