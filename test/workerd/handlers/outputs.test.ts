/** The picture itself: who may fetch it, and how. */
import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import worker from '../../../src/index'
import type { TaskJson } from '../../../src/wire/task'
import { call, makeKey, runTask } from '../world/gateway'

let key: string
let task: TaskJson
let whole: Uint8Array
let path: string
beforeAll(async () => {
  key = await makeKey()
  task = await runTask(key, { prompt: 'A window', provider: 'nanobananaapi.dev' })
  path = `/v1/tasks/${task.id}/outputs/0`
  whole = await (await call(path, { token: key })).bytes()
})

it('is served with headers that let a browser do no harm', async () => {
  const response = await call(path, { token: key })
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-length': String(whole.byteLength),
    etag: `"${task.outputs[0]?.sha256}"`,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  expect(response.headers.has('access-control-allow-origin')).toBe(false)
  await response.arrayBuffer()
})

it('is open to whoever holds the signed URL, from any page', async () => {
  const response = await call(task.outputs[0]?.url ?? '')
  expect(response.status).toBe(200)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(await response.bytes()).toEqual(whole)
})

it('is closed to a changed or expired URL', async () => {
  const url = new URL(task.outputs[0]?.url ?? '')
  const changed = new URL(url)
  changed.searchParams.set('expires', String(Number(url.searchParams.get('expires')) + 1))
  const elsewhere = new URL(url)
  elsewhere.pathname = elsewhere.pathname.replace('/outputs/0', '/outputs/1')
  for (const wrong of [changed, elsewhere]) expect((await call(wrong.href)).status).toBe(403)
  expect((await call(path)).status).toBe(401)
})

it('keeps its signed URL when the signing secret is exchanged, while the old one counts', async () => {
  const read = async (secrets: object) => {
    const context = createExecutionContext()
    const request = new Request(task.outputs[0]?.url ?? '')
    const response = await worker.fetch(request, { ...env, ...secrets }, context)
    await response.arrayBuffer()
    return response.status
  }
  const SIGNING_SECRET = 'another-signing-secret-of-the-test-gateway'
  expect(await read({ SIGNING_SECRET, SIGNING_SECRET_PREVIOUS: env.SIGNING_SECRET })).toBe(200)
  expect(await read({ SIGNING_SECRET })).toBe(403)
})

it('answers HEAD without the bytes', async () => {
  const response = await call(path, { method: 'HEAD', token: key })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-length')).toBe(String(whole.byteLength))
  expect((await response.bytes()).byteLength).toBe(0)
})

it('is not sent again to who has it', async () => {
  const headers = { 'if-none-match': `"x", W/"${task.outputs[0]?.sha256}"` }
  const response = await call(path, { token: key, headers })
  expect(response.status).toBe(304)
})

it.each([
  ['bytes=0-9', 0, 10],
  ['bytes=5-5', 5, 6],
  ['bytes=100-', 100, undefined],
  ['bytes=-7', -7, undefined],
  ['bytes=0-99999999', 0, undefined],
])('sends a part for %s', async (range, start, end) => {
  const response = await call(path, { token: key, headers: { range } })
  expect(response.status).toBe(206)
  const part = await response.bytes()
  expect(part).toEqual(whole.slice(start, end))
  const first = start < 0 ? whole.byteLength + start : start
  const last = first + part.byteLength - 1
  expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${whole.byteLength}`)
})

it.each(['bytes=9-5', 'bytes=0-1,3-4', 'pages=1-2', 'bytes=-'])('ignores %s', async (range) => {
  const response = await call(path, { token: key, headers: { range } })
  expect(response.status).toBe(200)
  await response.arrayBuffer()
})

it('refuses a range behind the end', async () => {
  const response = await call(path, { token: key, headers: { range: 'bytes=99999999-' } })
  expect(response.status).toBe(416)
  expect(response.headers.get('content-range')).toBe(`bytes */${whole.byteLength}`)
  await response.arrayBuffer()
})

it.each(['1', '99', 'x', '-1'])('has no output %s', async (index) => {
  const response = await call(`/v1/tasks/${task.id}/outputs/${index}`, { token: key })
  expect(response.status).toBe(404)
  await response.arrayBuffer()
})

it('is not found once the bucket has lost it', async () => {
  const lost = await runTask(key, { prompt: 'A gap', provider: 'nanobananaapi.dev' })
  const { objects } = await env.OUTPUTS.list({ prefix: `outputs/${lost.id}/` })
  await env.OUTPUTS.delete(objects.map((object) => object.key))
  for (const method of ['GET', 'HEAD']) {
    const response = await call(`/v1/tasks/${lost.id}/outputs/0`, { method, token: key })
    expect(response.status).toBe(404)
    await response.arrayBuffer()
  }
})
