/** The requests that gptimage2.ai's page shows, served by others, and what its clients are told. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Gptimage2Job, gptimage2JobSchema } from '../../../src/wire/dialects/gptimage2.ai'
import {
  clientOf,
  type DialectClient,
  expectPicture,
  servedByAnother,
  without,
} from '../world/dialects'
import { call, readTask, untilOver } from '../world/gateway'

const OWN = 'gptimage2.ai'
const SUBMIT = '/api/generate'

let client: DialectClient
beforeAll(async () => {
  client = await clientOf(OWN)
})

async function submit(body: object, as = client): Promise<Gptimage2Job> {
  const response = await as.send(SUBMIT, body)
  expect(response.status).toBe(200)
  return gptimage2JobSchema.parse(await response.json())
}

async function poll(id: string, as = client): Promise<{ status: number; job: Gptimage2Job }> {
  const response = await as.read(`/api/generate/${id}`)
  const job = gptimage2JobSchema.parse(await response.json())
  return { status: response.status, job }
}

const SAMPLES = [
  {
    mode: 'text-to-image',
    prompt: 'A product photo of an espresso cup',
    ratio: '1:1',
    count: 1,
    style: 'studio-product',
  },
  {
    mode: 'image-to-image',
    prompt: 'The product of the first, the colours of the second',
    imageUrls: ['https://cdn.example.com/subject.png', 'https://cdn.example.com/palette.png'],
    ratio: '1:1',
    count: 1,
  },
  { mode: 'text-to-image', prompt: 'A black camera on red lacquer', ratio: '1:1', count: 1 },
]

describe('the samples of its page', () => {
  it.each(SAMPLES)('%j', async (sample) => {
    const prompt = without(OWN, sample.prompt)
    const job = await submit({ ...sample, prompt })
    expect(job).toEqual({ jobId: expect.any(String), status: 'pending' })
    await servedByAnother(OWN, client, job.jobId)
    const over = await poll(job.jobId)
    expect(over).toEqual({
      status: 200,
      job: {
        jobId: job.jobId,
        status: 'succeeded',
        results: [{ imageUrl: expect.any(String), finalPrompt: prompt, seed: '1' }],
      },
    })
    await expectPicture(over.job.results?.[0]?.imageUrl)
  })

  it('answers 202 while it runs', async () => {
    const { jobId } = await submit({ prompt: 'A snail [[delay=2]]' })
    const first = await poll(jobId)
    expect(first.status).toBe(202)
    expect(['pending', 'running']).toContain(first.job.status)
    await expect.poll(async () => (await poll(jobId)).job.status).toBe('running')
    await untilOver(client.key, jobId)
  })
})

it('tells of a failure by its code', async () => {
  const { jobId } = await submit({ prompt: 'A dud [[submit=moderated]]' })
  await untilOver(client.key, jobId)
  const job = { jobId, status: 'failed', error: 'content_refused' }
  expect(await poll(jobId)).toEqual({ status: 200, job })
})

describe('a request', () => {
  it.each([
    [{ count: 9 }, { n: 4 }],
    [{ count: 0 }, {}],
    [{ ratio: '4:3', imageUrls: [] }, { aspect_ratio: '4:3' }],
    [{ style: 'cinematic' }, { provider_options: { [OWN]: { style: 'cinematic' } } }],
    [
      { lighting: 'soft', camera: '85 mm', negative: 'text' },
      { prompt: 'x\nLighting: soft\nCamera: 85 mm\nAvoid: text' },
    ],
    [
      { imageUrls: ['https://cdn.example.com/a.png'] },
      { image_urls: ['https://cdn.example.com/a.png'] },
    ],
  ])('%j is that of a task', async (body, wishes) => {
    const { jobId } = await submit({ prompt: 'x', ...body })
    const { request } = await readTask(client.key, jobId)
    expect(request).toEqual({ model: 'gpt-image-2', n: 1, prompt: 'x', ...wishes })
  })
})

it('counts the pictures that the spend limits of the key leave', async () => {
  const rich = await clientOf(OWN, { total_usd_limit: 0.1 })
  const body = { prompt: 'A coin', ratio: '1:1' }
  const { jobId, balance } = await submit(body, rich)
  const left = (totalImages: number) => ({
    paidCredits: totalImages * 10,
    freeImagesRemaining: 0,
    totalImages,
    freeImagesPerDay: 0,
  })
  // Of providers, only one has a price in dollars here: $0.0235.
  expect(balance).toEqual(left(3))
  await untilOver(rich.key, jobId)
  expect((await poll(jobId, rich)).job.balance).toEqual(left(3))
  expect((await submit(body, rich)).balance).toEqual(left(2))
})

describe('an error', () => {
  it.each([
    [{}, 'invalid_request', /prompt is required/],
    [{ prompt: '  ' }, 'invalid_request', /prompt must not be empty/],
    [{ prompt: 'x', mode: 'image-to-image' }, 'invalid_request', /imageUrls is required/],
    [
      { prompt: 'x', mode: 'text-to-image', imageUrls: ['https://cdn.example.com/a.png'] },
      'invalid_request',
      /can't be combined/,
    ],
    [{ prompt: 'x', width: 1024 }, 'invalid_request', /"width"/],
    [{ prompt: 'x', imageUrls: ['https://10.0.0.1/a.png'] }, 'invalid_request', /imageUrls\[0\]/],
  ])('of %j', async (body, error, message) => {
    const response = await client.send(SUBMIT, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error, message: expect.stringMatching(message) })
  })

  it('of a wrong key, an unknown job and a limit', async () => {
    const nobody = await call(`/compat/${OWN}/api/generate/x`, { token: 'none' })
    expect([nobody.status, await nobody.json()]).toMatchObject([401, { error: 'invalid_api_key' }])
    const missing = await client.read('/api/generate/x')
    expect([missing.status, await missing.json()]).toMatchObject([404, { error: 'task_not_found' }])
    const poor = await clientOf(OWN, { total_usd_limit: 0.001 })
    const spent = await poor.send(SUBMIT, { prompt: 'A penny' })
    expect([spent.status, await spent.json()]).toMatchObject([
      402,
      { error: 'insufficient_credits' },
    ])
  })
})
