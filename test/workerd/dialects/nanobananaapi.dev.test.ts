/** The requests that nanobananaapi.dev's page shows, served by others, and what its clients are told. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { TaskJson } from '../../../src/wire/task'
import {
  clientOf,
  type DialectClient,
  expectPicture,
  latest,
  servedByAnother,
  without,
} from '../world/dialects'
import { call, paidJobs, readTask, untilOver } from '../world/gateway'

const OWN = 'nanobananaapi.dev'
const GENERATE = '/v1/images/generate'
const EDIT = '/v1/images/edit'
const EDITS = '/api/v1/images/edits'

let client: DialectClient
beforeAll(async () => {
  client = await clientOf(OWN)
})

/** Sends it, and lets the world run until it is answered. */
async function send(path: string, body: object, headers = {}): Promise<Response> {
  const before = await newestId()
  const answered = client.send(path, body, headers)
  const isMade = async () => (await newestId()) !== before
  await Promise.race([answered, expect.poll(isMade).toBe(true)])
  if (await isMade()) await untilOver(client.key, (await newestId()) ?? '')
  return answered
}

async function newestId(): Promise<string | undefined> {
  const page = await call('/v1/tasks?limit=1', { token: client.key })
  return (await page.json<{ data: TaskJson[] }>()).data[0]?.id
}

const SAMPLES = [
  {
    path: GENERATE,
    body: {
      model: 'gpt-image-2',
      prompt: 'A tabby in a scarf hugging an otter',
      n: 1,
      size: '3840x2160',
      quality: 'high',
    },
  },
  {
    path: EDIT,
    body: {
      model: 'gpt-image-2',
      prompt: 'A snowy mountain behind the subject',
      image: 'https://cdn.example.com/source.png',
      n: 1,
      size: 'auto',
      quality: 'high',
    },
  },
  {
    path: EDIT,
    body: {
      model: 'gpt-image-2',
      prompt: 'Both products on one clean background',
      image: ['https://cdn.example.com/product-a.png', 'https://cdn.example.com/product-b.png'],
      n: 1,
      size: '2048x1152',
      quality: 'high',
    },
  },
]

describe('the samples of its page', () => {
  it.each(SAMPLES)('$path $body', async ({ path, body }) => {
    const response = await send(path, { ...body, prompt: without(OWN, body.prompt) })
    expect(response.status).toBe(200)
    const { id } = await latest(client)
    const task = await servedByAnother(OWN, client, id)
    const answer = await response.json<{ data: { url: string } }>()
    expect(answer).toEqual({
      id,
      created: Math.floor(Date.parse(task.created_at) / 1000),
      costCredits: task.cost.credits,
      data: { url: expect.any(String) },
    })
    await expectPicture(answer.data.url)
    const { image } = body as { image?: string | string[] }
    const shown = { quality: 'high', size: body.size, ...(image && { image_urls: [image].flat() }) }
    expect(task.request).toMatchObject(shown)
  })

  it('answers with a list where OpenAI would', async () => {
    const body = { model: 'gpt-image-2', prompt: 'x', image: 'https://cdn.example.com/a.png' }
    const answer = await (await send(EDITS, body)).json<{ data: { url: string }[] }>()
    expect(answer.data).toEqual([{ url: expect.any(String) }])
    await expectPicture(answer.data[0]?.url)
  })
})

it('waits for the same task when the same Idempotency-Key comes again', async () => {
  const prompt = `A twin ${crypto.randomUUID()} [[delay=2]]`
  const body = { model: 'gpt-image-2', prompt }
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const [first, second] = await Promise.all([
    send(GENERATE, body, headers),
    client.send(GENERATE, body, headers),
  ])
  const ids = [await first.json<{ id: string }>(), await second.json<{ id: string }>()]
  expect(ids[0]?.id).toBe(ids[1]?.id)
  expect(await paidJobs(prompt)).toHaveLength(1)
})

describe('a failure', () => {
  it.each([
    ['submit=moderated', 400, 'content_refused', 'no'],
    ['submit=400', 502, 'all_providers_failed', 'no'],
    ['answer=500 callback=none', 422, 'submit_outcome_unknown', 'unknown'],
    ['finish=fail-charged', 422, 'all_providers_failed', 'yes'],
  ])('%s is a %i %s', async (fault, status, code, charged) => {
    // The one that calls back would be waited for.
    const options = `[[${fault}]] [[aivideoapi.ai submit=503]]`
    const response = await send(GENERATE, { model: 'gpt-image-2', prompt: `A dud ${options}` })
    const task = await latest(client)
    expect([response.status, await response.json()]).toEqual([
      status,
      {
        error: {
          code,
          message: expect.any(String),
          type: expect.stringMatching(/_error$/),
          task_id: task.id,
          charged,
        },
      },
    ])
    expect(await readTask(client.key, task.id)).toMatchObject({ cost: { charged } })
  })
})

describe('an error', () => {
  it.each([
    [GENERATE, { prompt: 'x' }, 400, 'invalid_request', /model is required/],
    [GENERATE, { model: 'gpt-image-2', prompt: 'x', n: 2 }, 400, 'invalid_request', /n must be 1/],
    [GENERATE, { model: 'gpt-image-2', prompt: 'x', image: 'y' }, 400, 'invalid_request', /image/],
    [EDIT, { model: 'gpt-image-2', prompt: 'x' }, 400, 'invalid_request', /image/],
    [EDIT, { model: 'gpt-image-2', prompt: 'x', image: [] }, 400, 'invalid_request', /image/],
    [
      EDIT,
      { model: 'gpt-image-2', prompt: 'x', image: 'data:image/png;base64,AA==' },
      400,
      'invalid_request',
      /image/,
    ],
    [GENERATE, { model: 'dall-e-9', prompt: 'x' }, 404, 'model_not_found', /dall-e-9/],
    [
      GENERATE,
      { model: 'gpt-image-2', prompt: 'x', size: '8000x8000' },
      422,
      'no_eligible_provider',
      /8000x8000/,
    ],
  ])('of %s %j', async (path, body, status, code, message) => {
    const response = await client.send(path, body)
    expect([response.status, await response.json()]).toEqual([
      status,
      { error: { code, message: expect.stringMatching(message), type: 'invalid_request_error' } },
    ])
  })

  it('of a wrong key and of a limit', async () => {
    const nobody = await call(`/compat/${OWN}${GENERATE}`, { method: 'POST', token: 'none' })
    expect([nobody.status, await nobody.json()]).toMatchObject([
      401,
      { error: { code: 'invalid_api_key' } },
    ])
    const poor = await clientOf(OWN, { total_usd_limit: 0.001 })
    const spent = await poor.send(GENERATE, { model: 'gpt-image-2', prompt: 'A penny' })
    expect([spent.status, await spent.json()]).toMatchObject([
      429,
      { error: { code: 'spend_limit_exceeded' } },
    ])
  })
})
