/** Reference pictures of our own uploads: nothing is paid for one that no provider could fetch. */
import { beforeAll, describe, expect, it } from 'vitest'
import { signedUrl } from '../../../src/flow/signed-url'
import type { ErrorJson } from '../../../src/wire/error'
import type { TaskJson } from '../../../src/wire/task'
import type { UploadJson } from '../../../src/wire/upload'
import { call, makeKey, ORIGIN, post, runTask, testPorts } from '../world/gateway'

const DEADLINE_SECONDS = 900

let key: string
let upload: UploadJson
beforeAll(async () => {
  key = await makeKey()
  const task = await runTask(key, { prompt: 'A stamp', provider: 'nanobananaapi.dev' })
  const body = await (await call(task.outputs[0]?.url ?? '')).arrayBuffer()
  upload = await (await call('/v1/uploads', { method: 'POST', token: key, body })).json()
})

/** A rightly signed address of the upload that ends so many seconds from now. */
const endingIn = (seconds: number) =>
  signedUrl(testPorts().settings, new URL(upload.url).pathname, Date.now() + seconds * 1000)

const withParameter = (name: string, value: string) => {
  const url = new URL(upload.url)
  url.searchParams.set(name, value)
  return url.href
}

const WRONG: Array<[why: string, message: string, url: () => string | Promise<string>]> = [
  ['unsigned', 'has no signature', () => `${ORIGIN}${new URL(upload.url).pathname}`],
  ['without its end', 'has no signature', () => upload.url.replace(/expires=\d+&/, '')],
  ['of another end', 'was changed', () => withParameter('expires', '1')],
  ['of a later end', 'was changed', () => withParameter('expires', '999999999999')],
  ['of no end', 'was changed', () => withParameter('expires', 'never')],
  ['of another signature', 'was changed', () => withParameter('signature', 'x')],
  ['of another upload', 'was changed', () => upload.url.replace(/upl_./, 'upl_f')],
  ['that has ended', 'has expired', () => endingIn(-1)],
  ['that ends too soon', "expires before the task's", () => endingIn(DEADLINE_SECONDS - 10)],
]

describe.each(['/v1/tasks', '/v1/quotes'])('%s', (path) => {
  it.each(WRONG)('refuses an upload %s', async (_, message, url) => {
    const image_urls = ['https://references.example.com/a.png', await url()]
    const response = await post(path, key, { prompt: 'A frame', image_urls })
    const { error } = await response.json<ErrorJson>()
    expect([response.status, error.param]).toEqual([400, 'image_urls'])
    expect(error.message).toContain(`image_urls[1] ${message}`)
  })

  it.each(['data:image/png;base64,AAAA', ` DATA:image/png;base64,${'A'.repeat(100_000)}`])(
    'says where bytes belong: %.40s',
    async (url) => {
      const response = await post(path, key, { prompt: 'A frame', image_urls: [url] })
      const { error } = await response.json<ErrorJson>()
      expect([response.status, error.param]).toEqual([400, 'image_urls'])
      expect(error.message).toContain('POST /v1/uploads')
    },
  )
})

it('takes one that is good for as long as the task may take', async () => {
  const image_urls = [await endingIn(60)]
  const body = { prompt: 'A frame', image_urls, provider: 'nanobananaapi.dev' }
  expect((await post('/v1/tasks', key, body)).status).toBe(400)
  expect((await runTask(key, { ...body, deadline_seconds: 30 })).status).toBe('succeeded')
})

it('lets a repeat have its task although the address has ended since', async () => {
  const image_urls = [await endingIn(32)]
  const body = {
    prompt: 'A frame',
    image_urls,
    provider: 'nanobananaapi.dev',
    deadline_seconds: 30,
  }
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const { id } = await (await post('/v1/tasks', key, body, headers)).json<TaskJson>()
  await scheduler.wait(3_000)
  const repeat = await post('/v1/tasks', key, body, headers)
  expect(repeat.headers.get('idempotent-replayed')).toBe('true')
  expect(await repeat.json()).toMatchObject({ id })
})
