/** The requests that gptimage2api.org's pages show, served by others, and what its clients are told. */
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Gptimage2apiTask,
  gptimage2apiTaskSchema,
} from '../../../src/wire/dialects/gptimage2api.org'
import {
  clientOf,
  type DialectClient,
  expectPicture,
  servedByAnother,
  without,
} from '../world/dialects'
import { call, readTask, untilOver } from '../world/gateway'

const OWN = 'gptimage2api.org'
const SUBMIT = '/api/ai/image/generate'

let client: DialectClient
beforeAll(async () => {
  client = await clientOf(OWN)
})

interface Accepted {
  taskId: string
  status: number
  creditsUsed: number
}

async function submit(body: object): Promise<Accepted> {
  const response = await client.send(SUBMIT, { model: 'gpt-image-2', ...body })
  expect(response.status).toBe(200)
  return response.json()
}

async function read(id: string): Promise<Gptimage2apiTask> {
  const response = await client.read(`/api/ai/tasks/${id}`)
  expect(response.status).toBe(200)
  return gptimage2apiTaskSchema.parse(await response.json())
}

const SAMPLES = [
  { prompt: 'A skincare bottle on warm paper', aspectRatio: '4:5' },
  {
    prompt: 'The same bottle before matte ivory',
    inputImageUrls: ['https://static.example.com/product-01.jpg'],
    aspectRatio: '4:5',
  },
]

describe('the samples of its pages', () => {
  it.each(SAMPLES)('%j', async (sample) => {
    const accepted = await submit({ ...sample, prompt: without(OWN, sample.prompt) })
    expect(accepted).toEqual({ taskId: expect.any(String), status: 0, creditsUsed: 4.7 })
    const task = await servedByAnother(OWN, client, accepted.taskId)
    const shown = await read(accepted.taskId)
    expect(shown).toEqual({
      id: task.id,
      type: 'image',
      status: 1,
      outputImageUrls: [expect.any(String)],
      createdAt: task.created_at,
      completedAt: task.completed_at,
      creditsUsed: task.cost.credits,
      creditRefunded: false,
    })
    await expectPicture(shown.outputImageUrls?.[0])
  })

  it('is pending while it runs', async () => {
    const { taskId } = await submit({ prompt: 'A snail [[delay=2]]' })
    expect(await read(taskId)).toEqual({
      id: taskId,
      type: 'image',
      status: 0,
      createdAt: expect.any(String),
      completedAt: null,
      creditsUsed: 4.7,
      creditRefunded: false,
    })
    await untilOver(client.key, taskId)
  })
})

it('tells of a failure and its refund', async () => {
  const { taskId } = await submit({ prompt: 'A dud [[submit=moderated]]' })
  await untilOver(client.key, taskId)
  expect(await read(taskId)).toMatchObject({
    status: 2,
    creditsUsed: 4.7,
    creditRefunded: true,
    errorCode: 'content_refused',
    errorMessage: expect.stringMatching(/./),
  })
})

it('calls nothing refunded of which nobody knows whether it was charged', async () => {
  const { taskId } = await submit({ prompt: 'A fog [[answer=500 callback=none]]', numOutputs: 1 })
  const { attempts } = await untilOver(client.key, taskId).catch(() => readTask(client.key, taskId))
  expect(attempts[0]?.charged).not.toBe('no')
  expect(await read(taskId)).toMatchObject({ creditsUsed: 4.7, creditRefunded: false })
})

describe('a request', () => {
  it.each([
    [{ width: 1536, height: 1024, aspectRatio: '1:1' }, { size: '1536x1024' }],
    [{ inputImageUrls: [] }, {}],
    [{ numOutputs: 2 }, { n: 2 }],
    [
      { seed: '42', negativePrompt: 'dogs' },
      { seed: '42', negative_prompt: 'dogs' },
    ],
    [
      { guidanceScale: 7, numInferenceSteps: 30, providerInput: { output_format: 'png' } },
      {
        provider_options: {
          [OWN]: {
            guidanceScale: 7,
            numInferenceSteps: 30,
            providerInput: { output_format: 'png' },
          },
        },
      },
    ],
  ])('%j is that of a task', async (body, wishes) => {
    const { taskId } = await submit({ prompt: 'x', ...body })
    const { request } = await readTask(client.key, taskId)
    expect(request).toEqual({ model: 'gpt-image-2', n: 1, prompt: 'x', ...wishes })
  })

  it('with a seed is served all the same when its own provider is down', async () => {
    const wishes = { seed: '7', negativePrompt: 'rain' }
    const { taskId } = await submit({ prompt: without(OWN, 'A die'), ...wishes })
    await servedByAnother(OWN, client, taskId)
  })
})

describe('an error', () => {
  it.each([
    [{}, 'prompt', /required/],
    [{ prompt: 'x', width: 512 }, 'height', /is required with width/],
    [{ prompt: 'x', style: 'cinematic' }, 'style', /no field/],
    [{ prompt: 'x', numOutputs: 11 }, 'numOutputs', /from 1 to 10/],
    [{ prompt: 'x', model: 'dall-e-9' }, 'model', /dall-e-9/],
    [{ prompt: 'x', providerInput: { prompt: 'y' } }, 'providerInput', /can't set prompt/],
    [{ prompt: 'x', inputImageUrls: ['http://a.example.com/'] }, 'inputImageUrls', /https/],
    [{ prompt: 'x', aspectRatio: '99:1' }, 'request', /aspect ratio 99:1/],
  ])('of %j', async (body, field, message) => {
    const response = await client.send(SUBMIT, { model: 'gpt-image-2', ...body })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      error: 'Invalid request',
      details: { [field]: expect.stringMatching(message) },
    })
  })

  it('of a wrong key and an unknown task', async () => {
    const path = `/compat/${OWN}/api/ai/tasks/x`
    const nobody = await call(path, { token: 'none' })
    expect([nobody.status, await nobody.json()]).toEqual([401, { error: 'Unauthorized' }])
    const missing = await client.read('/api/ai/tasks/x')
    expect([missing.status, await missing.json()]).toEqual([404, { error: expect.any(String) }])
  })

  it('of a limit', async () => {
    const body = { model: 'gpt-image-2', prompt: 'A penny' }
    const poor = await clientOf(OWN, { daily_usd_limit: 0.001 })
    const spent = await poor.send(SUBMIT, body)
    expect([spent.status, await spent.json()]).toEqual([
      402,
      { error: 'Insufficient credits', required: 4.7 },
    ])
    const slow = await clientOf(OWN, { rate_limit_per_minute: 1 })
    await slow.send(SUBMIT, body)
    const again = await slow.send(SUBMIT, body)
    expect([again.status, await again.json()]).toEqual([429, { error: expect.any(String) }])
  })
})
