/** `/v1/tasks` from outside: what is accepted, what is refused, what others see. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ErrorJson } from '../../../src/wire/error'
import type { TaskJson } from '../../../src/wire/task'
import { ADMIN_TOKEN, call, makeKey, makeTask, post } from '../world/gateway'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

const countTasks = async () =>
  (await env.DB.prepare('select count(*) as n from tasks').first<{ n: number }>())?.n

it('answers 202 with the task and where to find it', async () => {
  const body = { prompt: 'A kite', provider: 'gptimage2.ai', metadata: { order: '7' }, seed: null }
  const response = await post('/v1/tasks', key, body)
  expect(response.status).toBe(202)
  const task: TaskJson = await response.json()
  expect(response.headers.get('location')).toBe(`/v1/tasks/${task.id}`)
  expect(response.headers.get('x-request-id')).toMatch(/^req_/)
  expect(task).toEqual({
    id: expect.stringMatching(/^task_[0-9a-f]{32}$/),
    object: 'task',
    status: 'queued',
    model: 'gpt-image-2',
    provider: 'gptimage2.ai',
    created_at: expect.stringMatching(/Z$/),
    completed_at: null,
    outputs: [],
    cost: { credits: 0, usd: 0, charged: 'no' },
    attempts: [],
    error: null,
    metadata: { order: '7' },
    request: { model: 'gpt-image-2', n: 1, prompt: 'A kite', provider: 'gptimage2.ai' },
  })
})

describe('bad bodies get 400, name the field and write nothing', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)
  it.each<[string, object]>([
    ['prompt', {}],
    ['prompt', { prompt: '' }],
    ['prompt', { prompt: 7 }],
    ['prompt', { prompt: 'a\ud800b' }],
    ['prompt', { prompt: 'a\0b' }],
    ['colour', { prompt: 'x', colour: 'red' }],
    ['__proto__', JSON.parse('{"prompt":"x","__proto__":{"n":1}}')],
    ['model', { prompt: 'x', model: 'dall-e-3' }],
    ['n', { prompt: 'x', n: 0 }],
    ['n', { prompt: 'x', n: 11 }],
    ['n', { prompt: 'x', n: 1.5 }],
    ['image_urls', { prompt: 'x', image_urls: [] }],
    ['image_urls', { prompt: 'x', image_urls: 'https://a.example.com/x.png' }],
    ['image_urls', { prompt: 'x', image_urls: ['https://10.0.0.1/x.png'] }],
    ['image_urls', { prompt: 'x', image_urls: ['data:image/png;base64,AAAA'] }],
    ['callback_url', { prompt: 'x', callback_url: '' }],
    ['aspect_ratio', { prompt: 'x', aspect_ratio: 'wide' }],
    ['resolution', { prompt: 'x', resolution: '8k' }],
    ['size', { prompt: 'x', size: '1024' }],
    ['size', { prompt: 'x', size: '1024x1024', aspect_ratio: '1:1' }],
    ['size', { prompt: 'x', size: '1024x1024', resolution: '1k' }],
    ['quality', { prompt: 'x', quality: 'best' }],
    ['provider', { prompt: 'x', provider: 'example.com' }],
    ['providers', { prompt: 'x', providers: [] }],
    ['providers', { prompt: 'x', providers: ['gptimage2.ai', 'gptimage2.ai'] }],
    ['providers', { prompt: 'x', provider: 'gptimage2.ai', providers: ['gptimage2.ai'] }],
    ['max_usd', { prompt: 'x', max_usd: -1 }],
    ['deadline_seconds', { prompt: 'x', deadline_seconds: 29 }],
    ['deadline_seconds', { prompt: 'x', deadline_seconds: 3601 }],
    ['provider_options', { prompt: 'x', provider_options: { 'example.com': {} } }],
    ['provider_options', { prompt: 'x', provider_options: { 'gptimage2.ai': { prompt: 'y' } } }],
    ['provider_options', { prompt: 'x', provider_options: { 'gptimage2.ai': deep } }],
    ['callback_url', { prompt: 'x', callback_url: 'http://client.example.com/' }],
    ['callback_url', { prompt: 'x', callback_url: 'https://localhost/' }],
    ['metadata', { prompt: 'x', metadata: { a: 1 } }],
    ['metadata', { prompt: 'x', metadata: 'a' }],
  ])('%s: %j', async (param, body) => {
    const before = await countTasks()
    const response = await post('/v1/tasks', key, body)
    const { error }: ErrorJson = await response.json()
    expect([response.status, error.code, error.type, error.param]).toEqual([
      400,
      'invalid_request',
      'invalid_request_error',
      param,
    ])
    expect(error.message).toBeTruthy()
    expect(await countTasks()).toBe(before)
  })

  it.each(['', '{', '[]', 'null', '"x"', '\xff'])('%j is no JSON object', async (body) => {
    const headers = { 'content-type': 'application/json' }
    const response = await call('/v1/tasks', { method: 'POST', token: key, headers, body })
    expect(response.status).toBe(400)
  })

  it('refuses numbers that JSON can spell but nobody can keep', async () => {
    const body = '{"prompt":"x","provider_options":{"gptimage2.ai":{"y":1e999}}}'
    const headers = { 'content-type': 'application/json' }
    const response = await call('/v1/tasks', { method: 'POST', token: key, headers, body })
    expect(await response.json()).toMatchObject({ error: { param: 'provider_options' } })
  })

  it('refuses another content type', async () => {
    const headers = { 'content-type': 'text/plain' }
    const response = await call('/v1/tasks', { method: 'POST', token: key, headers, body: '{}' })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ error: { code: 'unsupported_media_type' } })
  })

  it('refuses more than a megabyte, also when it comes in chunks of unknown length', async () => {
    const headers = { 'content-type': 'application/json' }
    const large = await post('/v1/tasks', key, { prompt: 'x'.repeat(1024 * 1024) })
    expect(large.status).toBe(413)
    const chunk = new TextEncoder().encode(' '.repeat(64 * 1024))
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(chunk),
    })
    const endless = await call('/v1/tasks', { method: 'POST', token: key, headers, body })
    expect(endless.status).toBe(413)
    expect(await endless.json()).toMatchObject({ error: { code: 'body_too_large' } })
  })
})

it('says for each provider why it can not make the picture', async () => {
  const response = await post('/v1/tasks', key, { prompt: 'x', size: '1000x1000', quality: 'low' })
  expect(response.status).toBe(422)
  const body = await response.json<ErrorJson>()
  expect(body.error.code).toBe('no_eligible_provider')
  expect(body.error.providers).toContainEqual({
    provider: 'nanobananaapi.dev',
    model: 'gpt-image-2',
    reason: 'does not make the size 1000x1000: width and height must be multiples of 16',
  })
})

describe('who may do what', () => {
  it('needs a key', async () => {
    for (const token of [undefined, 'ig_wrong', key.slice(0, -1)]) {
      const response = await call('/v1/tasks/x', token === undefined ? {} : { token })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({
        error: { code: 'invalid_api_key', type: 'authentication_error' },
      })
    }
  })

  it('makes no tasks for the admin, who may read them all', async () => {
    const refused = await post('/v1/tasks', ADMIN_TOKEN, { prompt: 'x' })
    expect(refused.status).toBe(403)
    const { id } = await makeTask(key, { prompt: 'A crown' })
    expect((await call(`/v1/tasks/${id}`, { token: ADMIN_TOKEN })).status).toBe(200)
  })

  it("shows another key's task exactly as one that does not exist", async () => {
    const { id } = await makeTask(key, { prompt: 'A secret' })
    const stranger = await makeKey('stranger')
    for (const path of ['', '/outputs/0']) {
      const foreign = await call(`/v1/tasks/${id}${path}`, { token: stranger })
      const missing = await call(`/v1/tasks/task_none${path}`, { token: stranger })
      expect(foreign.status).toBe(404)
      expect(missing.status).toBe(404)
      expect(await foreign.bytes()).toEqual(await missing.bytes())
      const comparable = ({ headers }: Response) =>
        [...headers].filter(([name]) => name !== 'x-request-id')
      expect(comparable(foreign)).toEqual(comparable(missing))
    }
  })
})

it('tells a wrong path from a wrong method', async () => {
  expect((await call('/v1/nothing')).status).toBe(404)
  const response = await call('/v1/tasks/x', { method: 'PUT', token: key })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('DELETE, GET, HEAD')
  expect(await response.json()).toMatchObject({ error: { code: 'method_not_allowed' } })
})
