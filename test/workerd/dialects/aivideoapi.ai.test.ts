/** The requests that aivideoapi.ai's page shows, served by others, and what its clients are told. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AivideoapiTask, aivideoapiTaskSchema } from '../../../src/wire/dialects/aivideoapi.ai'
import type { ReceivedWebhook } from '../../node/world/receiver'
import {
  clientOf,
  type DialectClient,
  expectPicture,
  servedByAnother,
  without,
} from '../world/dialects'
import { call, makeTask, readTask, runCron, untilOver } from '../world/gateway'

const OWN = 'aivideoapi.ai'
const SUBMIT = '/v1/images/generations'

let client: DialectClient
beforeAll(async () => {
  client = await clientOf(OWN)
})

const receiver = (behaviour = 'ok') =>
  `https://client.example.com/${behaviour}/${crypto.randomUUID()}`

async function received(url: string): Promise<ReceivedWebhook[]> {
  const path = encodeURIComponent(new URL(url).pathname)
  return (await fetch(`https://client.example.com/?path=${path}`)).json()
}

async function submit(input: object, callback_url = receiver()): Promise<string> {
  const response = await client.send(SUBMIT, { model: 'gpt-image-2', callback_url, input })
  expect(response.status).toBe(200)
  const body = await response.json<{ data: { taskId: string } }>()
  expect(body).toEqual({ code: 200, msg: 'success', data: { taskId: expect.any(String) } })
  return body.data.taskId
}

async function query(id: string): Promise<AivideoapiTask> {
  const response = await client.read(`/v1/tasks/${id}`)
  expect(response.status).toBe(200)
  return aivideoapiTaskSchema.parse(await response.json())
}

const SAMPLES = [
  {
    shows: 'an edit of a product photo',
    input: {
      prompt: 'A clean studio shot of this product on white',
      image_urls: ['https://example.com/source.png'],
      aspect_ratio: '1:1',
      nsfw_checker: true,
    },
    model: 'gpt-image-2-image-to-image',
  },
  {
    shows: 'a picture from text',
    input: { prompt: 'Neon on a wet street', aspect_ratio: '16:9', nsfw_checker: true },
    model: 'gpt-image-2-text-to-image',
  },
  {
    shows: 'an edit in another ratio',
    input: {
      prompt: 'This room as a warm Nordic interior',
      image_urls: ['https://example.com/room.jpg'],
      aspect_ratio: '3:2',
    },
    model: 'gpt-image-2-image-to-image',
  },
  {
    shows: 'a picture in 4k',
    input: { prompt: 'A castle under stars', aspect_ratio: '16:9', resolution: '4k' },
    model: 'gpt-image-2-text-to-image',
  },
]

describe('the samples of its page', () => {
  it.each(SAMPLES)('$shows', async ({ input, model }) => {
    const callbackUrl = receiver()
    const id = await submit({ ...input, prompt: without(OWN, input.prompt) }, callbackUrl)
    const task = await servedByAnother(OWN, client, id)
    const shown = await query(id)
    expect(shown).toEqual({
      id,
      status: 'completed',
      model: 'gpt-image-2',
      created_at: Math.floor(Date.parse(task.created_at) / 1000),
      completed_at: Math.floor(Date.parse(task.completed_at ?? '') / 1000),
      output: { urls: [expect.any(String)], metadata: { model, costTime: expect.any(Number) } },
    })
    await expectPicture(shown.output?.urls[0])

    await expect.poll(async () => (await received(callbackUrl)).length).toBe(1)
    const [message] = await received(callbackUrl)
    const { output, ...rest } = aivideoapiTaskSchema.parse(JSON.parse(message?.body ?? ''))
    const { output: _, ...known } = shown
    expect(rest).toEqual(known)
    await expectPicture(output?.urls[0])
  })
})

describe('a callback', () => {
  it('is not signed', async () => {
    const url = receiver()
    await untilOver(client.key, await submit({ prompt: 'A stamp' }, url))
    await expect.poll(async () => (await received(url)).length).toBe(1)
    const [message] = await received(url)
    expect(message?.headers['content-type']).toBe('application/json')
    expect(Object.keys(message?.headers ?? {}).join()).not.toContain('webhook-')
  })

  it('is tried again like a webhook', async () => {
    const url = receiver('recovers')
    const id = await submit({ prompt: 'A knock' }, url)
    await untilOver(client.key, id)
    await expect.poll(async () => (await received(url)).length).toBe(1)
    const again = 'update deliveries set next_try_at = 1 where task_id = ? and delivered_at is null'
    for (const count of [2, 3]) {
      await expect
        .poll(async () => {
          await env.DB.prepare(again).bind(id).run()
          await runCron()
          return (await received(url)).length
        })
        .toBeGreaterThanOrEqual(count)
    }
    const messages = await received(url)
    expect(messages.map(({ body }) => aivideoapiTaskSchema.parse(JSON.parse(body)).id)).toEqual(
      messages.map(() => id),
    )
  })

  it('tells of a failure in the same words', async () => {
    const url = receiver()
    const id = await submit({ prompt: 'A dud [[submit=moderated]]' }, url)
    await untilOver(client.key, id)
    const error = { code: 'upstream_error', message: expect.stringMatching(/^content_refused: ./) }
    expect(await query(id)).toEqual({
      id,
      status: 'failed',
      model: 'gpt-image-2',
      created_at: expect.any(Number),
      error,
    })
    await expect.poll(async () => (await received(url)).length).toBe(1)
    const [message] = await received(url)
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ id, status: 'failed', error })
  })

  it('leaves the webhooks of /v1 signed', async () => {
    const url = receiver()
    const { id } = await makeTask(client.key, { prompt: 'A seal', callback_url: url })
    await untilOver(client.key, id)
    await expect.poll(async () => (await received(url)).length).toBe(1)
    const [message] = await received(url)
    expect(message?.headers['webhook-signature']).toMatch(/^v1,/)
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ type: 'task.succeeded' })
  })
})

describe('a request', () => {
  it.each([
    [{ prompt: 'x' }, { aspect_ratio: '1:1' }],
    [
      { prompt: 'x', aspect_ratio: 'auto', resolution: '2k' },
      { aspect_ratio: '1:1', resolution: '2k' },
    ],
    [{ prompt: 'x', aspect_ratio: '1881x836', resolution: '4k' }, { size: '1881x836' }],
    [{ prompt: 'x', image_urls: [], aspect_ratio: '3:1' }, { aspect_ratio: '3:1' }],
    [
      { image_urls: ['https://example.com/a.png'], nsfw_checker: false },
      {
        image_urls: ['https://example.com/a.png'],
        aspect_ratio: '1:1',
        provider_options: { 'aivideoapi.ai': { nsfw_checker: false } },
      },
    ],
  ])('%j is that of a task', async (input, wishes) => {
    const url = receiver()
    const { request } = await readTask(client.key, await submit(input, url))
    const { prompt } = input as { prompt?: string }
    expect(request).toEqual({
      model: 'gpt-image-2',
      n: 1,
      ...(prompt ? { prompt } : {}),
      ...wishes,
      callback_url: url,
    })
  })

  it('with the same Idempotency-Key makes one task', async () => {
    const body = { model: 'gpt-image-2', input: { prompt: 'A twin' } }
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const first = await client.send(SUBMIT, body, headers)
    const second = await client.send(SUBMIT, body, headers)
    expect(await second.json()).toEqual(await first.json())
    expect(second.headers.get('idempotent-replayed')).toBe('true')
  })
})

describe('an error', () => {
  it.each([
    [{ input: { prompt: 'x' } }, 400, 'invalid_request', /model/],
    [{ model: 'gpt-image-2' }, 400, 'invalid_request', /input/],
    [{ model: 'gpt-image-2', input: {} }, 400, 'invalid_request', /input.prompt is required/],
    [{ model: 'gpt-image-2', input: { prompt: 'x', n: 2 } }, 400, 'invalid_request', /"n"/],
    [{ model: 'gpt-image-2', input: { prompt: 'x', aspect_ratio: '7:5' } }, 200, '', /./],
    [
      { model: 'gpt-image-2', input: { prompt: 'x', aspect_ratio: '99:1' } },
      400,
      'invalid_request',
      /aspect ratio 99:1/,
    ],
    [
      { model: 'gpt-image-2', input: { prompt: 'x', image_urls: ['data:image/png;base64,AA=='] } },
      400,
      'invalid_request',
      /input.image_urls\[0\]/,
    ],
    [{ model: 'dall-e-9', input: { prompt: 'x' } }, 404, 'model_not_found', /dall-e-9/],
  ])('of %j', async (body, status, code, message) => {
    const response = await client.send(SUBMIT, body)
    expect(response.status).toBe(status)
    if (status === 200) return
    expect(await response.json()).toEqual({
      error: {
        code,
        message: expect.stringMatching(message),
        type: 'invalid_request_error',
      },
    })
  })

  it('of a wrong key, an unknown task and an unknown path', async () => {
    const path = `/compat/${OWN}/v1/tasks/x`
    const nobody = await call(path, { token: 'sk-none' })
    expect([nobody.status, await nobody.json()]).toMatchObject([
      401,
      { error: { code: 'invalid_api_key', type: 'authentication_error' } },
    ])
    const missing = await client.read('/v1/tasks/x')
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { error: { code: 'task_not_found', type: 'invalid_request_error' } },
    ])
    expect((await client.read('/v1/videos')).status).toBe(404)
  })

  it('of a limit', async () => {
    const body = { model: 'gpt-image-2', input: { prompt: 'A penny' } }
    const poor = await clientOf(OWN, { total_usd_limit: 0.001 })
    const spent = await poor.send(SUBMIT, body)
    expect([spent.status, await spent.json()]).toMatchObject([
      429,
      { error: { code: 'spend_limit_exceeded', type: 'billing_error' } },
    ])
    const slow = await clientOf(OWN, { rate_limit_per_minute: 1 })
    expect((await slow.send(SUBMIT, body)).headers.get('ratelimit-remaining')).toBe('0')
    const again = await slow.send(SUBMIT, body)
    expect([again.status, await again.json()]).toMatchObject([
      429,
      { error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' } },
    ])
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

it('tells what is left and what was spent, in its credits of half a cent', async () => {
  const rich = await clientOf(OWN, { total_usd_limit: 10, daily_usd_limit: 1 })
  const credits = async () => (await rich.read('/v1/credits')).json()
  expect(await credits()).toEqual({ credits: 200, used_today: 0 })
  const body = { model: 'gpt-image-2', input: { prompt: 'A coin', nsfw_checker: true } }
  const { data } = await (await rich.send(SUBMIT, body)).json<{ data: { taskId: string } }>()
  await untilOver(rich.key, data.taskId)
  expect(await credits()).toEqual({ credits: 195.3, used_today: 4.7 })
  expect(await (await client.read('/v1/credits')).json()).toMatchObject({ credits: 1_000_000 })
})
