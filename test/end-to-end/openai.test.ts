/** OpenAI's own client and the Vercel AI SDK, unmodified, against a gateway: only base URL and key differ. */
import { createOpenAI } from '@ai-sdk/openai'
import { generateImage } from 'ai'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from './world.ts'

let world: World
let apiKey: string
let openai: OpenAI

const clientWith = (options: ConstructorParameters<typeof OpenAI>[0]) =>
  new OpenAI({ apiKey, baseURL: `${world.gateway.url}/openai/v1`, maxRetries: 0, ...options })

beforeAll(async () => {
  world = await startWorld(0.1)
  apiKey = world.key.key
  openai = clientWith({})
}, 60_000)

afterAll(() => world.stop())

/** A prompt that only one test knows. */
const unique = (text: string) => `${text} ${crypto.randomUUID()}`

/** What the providers were sent, and what they took money for. */
async function paid(prompt: string): Promise<{ submissions: number; jobs: number }> {
  const count = async (what: string) => {
    const url = `${world.sandbox.origin}/_sandbox/${what}?prompt=${encodeURIComponent(prompt)}`
    return ((await (await fetch(url)).json()) as unknown[]).length
  }
  return { submissions: await count('submissions'), jobs: await count('jobs') }
}

/** No provider but gptimage2api.org makes it, which is polled: what happens to its answer is known at once. */
const ODD_SIZE = '1537x1024'

const bytesOf = (text: string | undefined) => Buffer.from(text ?? '', 'base64')
const png = (bytes: Buffer, name = 'a.png') => toFile(bytes, name, { type: 'image/png' })
const taskIdOf = (answer: object) => String(new Map(Object.entries(answer)).get('task_id'))

let boat: Buffer
it('makes a picture', async () => {
  const { data: answer, request_id: requestId } = await openai.images
    .generate({ model: 'gpt-image-2', prompt: 'A boat', size: '1536x1024', user: 'u1' })
    .withResponse()
  expect(requestId).toMatch(/^req_/)
  expect(answer).toMatchObject({ output_format: 'png', size: '1536x1024' })
  const [picture] = answer.data ?? []
  boat = bytesOf(picture?.b64_json)
  const task = await world.client.tasks.get(taskIdOf(answer))
  expect(task).toMatchObject({ status: 'succeeded', request: { size: '1536x1024' } })
  expect(boat.byteLength).toBe(task.outputs[0]?.bytes)
  const fetched = await fetch(picture?.url ?? '')
  expect(Buffer.from(await fetched.arrayBuffer()).equals(boat)).toBe(true)
})

it('makes several, by address alone', async () => {
  const answer = await openai.images.generate({ prompt: 'B', n: 2, response_format: 'url' })
  expect(answer.data).toEqual([
    { url: expect.stringMatching(/^http/) },
    { url: expect.stringMatching(/^http/) },
  ])
})

it('makes a large picture, whole', async () => {
  const prompt = 'Large [[bytes=4500000]]'
  const answer = await openai.images.generate({ prompt })
  const task = await world.client.tasks.get(taskIdOf(answer))
  const bytes = bytesOf(answer.data?.[0]?.b64_json)
  expect(bytes.byteLength).toBeGreaterThan(4_000_000)
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  expect(Buffer.from(digest).toString('hex')).toBe(task.outputs[0]?.sha256)
})

it('edits one file, and several', async () => {
  const one = await openai.images.edit({ image: await png(boat), prompt: 'At night', n: 1 })
  const files = [await png(boat), await png(boat, 'b.png')]
  const two = await openai.images.edit({ image: files, prompt: 'Both at night' })
  for (const [answer, count] of [[one, 1] as const, [two, 2] as const]) {
    expect(bytesOf(answer.data?.[0]?.b64_json).byteLength).toBeGreaterThan(1000)
    const { request } = await world.client.tasks.get(taskIdOf(answer))
    expect(request.image_urls).toHaveLength(count)
    const upload = await fetch(request.image_urls?.[0] ?? '')
    expect(Buffer.from(await upload.arrayBuffer()).equals(boat)).toBe(true)
  }
})

it('edits what JSON names, and takes a data: URL out of it', async () => {
  const image = `data:image/png;base64,${boat.toString('base64')}`
  const body = { prompt: 'x', images: [{ image_url: image }] }
  const answer = await openai.post<object>('/images/edits', { body })
  const { request } = await world.client.tasks.get(taskIdOf(answer))
  const upload = await fetch(request.image_urls?.[0] ?? '')
  expect(Buffer.from(await upload.arrayBuffer()).equals(boat)).toBe(true)
})

describe('a stream', () => {
  it('tells each picture when it is there', async () => {
    const wanted = { prompt: 'C', n: 2, stream: true, partial_images: 2 } as const
    const events: OpenAI.ImageGenStreamEvent[] = []
    for await (const event of await openai.images.generate(wanted)) events.push(event)
    expect(events.map(({ type }) => type)).toEqual(Array(2).fill('image_generation.completed'))
    for (const { b64_json } of events) expect(bytesOf(b64_json).byteLength).toBeGreaterThan(1000)
  })

  it('has a name of its world.client for edits', async () => {
    const wanted = { prompt: 'D', image: await png(boat), stream: true } as const
    const events: OpenAI.ImageEditStreamEvent[] = []
    for await (const event of await openai.images.edit(wanted)) events.push(event)
    expect(events).toMatchObject([{ type: 'image_edit.completed', output_format: 'png' }])
  })

  it('says that it is alive', async () => {
    const response = await openai.images
      .generate({ prompt: 'Slow [[delay=12]]', size: '1537x1024', stream: true })
      .asResponse()
    const text = await response.text()
    expect(text).toMatch(/^: task_\w+\n\n/)
    expect(text.split('\n\nevent:')[0]).toContain(': waiting')
    expect(text).toMatch(/\n\n$/)
  })

  it('ends in an error when it comes to that', async () => {
    const events = await openai.images.generate({
      prompt: 'E [[finish=moderated]]',
      stream: true,
    })
    const read = async () => {
      for await (const event of events) expect(event).toBeUndefined()
    }
    const error = await read().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(OpenAI.APIError)
    expect(error).toMatchObject({ code: 'moderation_blocked', type: 'invalid_request_error' })
  })
})

describe('errors', () => {
  const failing = async (made: PromiseLike<unknown>) => {
    const error = await Promise.resolve(made).catch((reason: unknown) => reason)
    if (!(error instanceof OpenAI.APIError)) throw new Error(`It went well: ${error}`)
    expect(error.requestID).toMatch(/^req_/)
    return error
  }

  it.each([
    ['background', { background: 'transparent' }],
    ['style', { style: 'vivid' }],
    ['quality', { quality: 'max' }],
    ['output_format', { output_format: 'svg' }],
    ['size', { size: 'large' }],
    ['size', { size: '17x17' }],
    ['quality', { quality: 'low', model: 'google/nano-banana' }],
    ['seed', { seed: 7 }],
  ] as const)('a bad request names %s', async (param, wish) => {
    const error = await failing(openai.images.generate({ prompt: 'F', ...wish }))
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(error).toMatchObject({ param, type: 'invalid_request_error' })
  })

  it('a mask is a bad request', async () => {
    const wanted = { prompt: 'F', image: await png(boat), mask: await png(boat) }
    const error = await failing(openai.images.edit(wanted))
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(error.param).toBe('mask')
  })

  it('each has its class', async () => {
    const generate = (prompt: string, client = openai) => client.images.generate({ prompt })
    expect(await failing(generate('G', clientWith({ apiKey: 'ig_wrong' })))).toBeInstanceOf(
      OpenAI.AuthenticationError,
    )
    const admin = clientWith({ apiKey: world.gateway.adminToken })
    expect(await failing(generate('G', admin))).toBeInstanceOf(OpenAI.PermissionDeniedError)
    const missing = await failing(openai.images.generate({ prompt: 'G', model: 'dall-e-3' }))
    expect(missing).toBeInstanceOf(OpenAI.NotFoundError)
    expect(missing).toMatchObject({ code: 'model_not_found', param: 'model' })
    expect(await failing(openai.models.retrieve('x'))).toBeInstanceOf(OpenAI.NotFoundError)
    const { key } = await world.operator.keys.create({ name: 'one', rate_limit_per_minute: 1 })
    await generate('G', clientWith({ apiKey: key }))
    const limited = await failing(generate('G', clientWith({ apiKey: key })))
    expect(limited).toBeInstanceOf(OpenAI.RateLimitError)
    expect(limited.headers?.get('retry-after')).toMatch(/^\d+$/)
    const refused = await failing(generate('G [[submit=moderated]]'))
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError)
    expect(refused.code).toBe('moderation_blocked')
    const broken = await failing(generate('G [[submit=400]]'))
    expect(broken).toBeInstanceOf(OpenAI.InternalServerError)
    expect(broken.headers?.get('x-should-retry')).toBeNull()
  })
})

describe('money', () => {
  it('sends nothing twice whose outcome is unknown', async () => {
    const prompt = unique('H [[answer=500]]')
    const made = clientWith({ maxRetries: 2 }).images.generate({ prompt, size: ODD_SIZE })
    const error = await made.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(OpenAI.UnprocessableEntityError)
    expect(error).toMatchObject({
      code: 'submit_outcome_unknown',
      error: { task_id: expect.stringMatching(/^task_/), charged: 'unknown' },
    })
    expect(await paid(prompt)).toEqual({ submissions: 1, jobs: 1 })
  })

  it('gives a client that lost patience the same picture when it asks again', async () => {
    const prompt = unique('I [[delay=3]]')
    const impatient = clientWith({ maxRetries: 5, timeout: 1500 })
    const answer = await impatient.images.generate({ prompt })
    expect(bytesOf(answer.data?.[0]?.b64_json).byteLength).toBeGreaterThan(1000)
    expect(await paid(prompt)).toEqual({ submissions: 1, jobs: 1 })
  })

  it('the same with an uploaded picture', async () => {
    const prompt = unique('J [[delay=3]]')
    const impatient = clientWith({ maxRetries: 5, timeout: 1500 })
    const answer = await impatient.images.edit({ prompt, image: await png(boat) })
    expect(bytesOf(answer.data?.[0]?.b64_json).byteLength).toBeGreaterThan(1000)
    expect(await paid(prompt)).toEqual({ submissions: 1, jobs: 1 })
  })

  it('says so where there is nothing left to try', async () => {
    const prompt = unique('K [[delay=30]]')
    const made = clientWith({ maxRetries: 1, timeout: 1000 }).images.generate({ prompt })
    expect(await made.catch((reason: unknown) => reason)).toBeInstanceOf(
      OpenAI.APIConnectionTimeoutError,
    )
    expect(await paid(prompt)).toEqual({ submissions: 1, jobs: 1 })
  })

  it('makes two pictures of two requests', async () => {
    const prompt = unique('L')
    const [one, two] = await Promise.all([
      openai.images.generate({ prompt }),
      openai.images.generate({ prompt }),
    ])
    expect(taskIdOf(one)).not.toBe(taskIdOf(two))
    expect(await paid(prompt)).toEqual({ submissions: 2, jobs: 2 })
  })

  it('knows a request by its Idempotency-Key', async () => {
    const prompt = unique('M')
    const options = { headers: { 'Idempotency-Key': unique('order') } }
    const one = await openai.images.generate({ prompt }, options)
    const two = await openai.images.generate({ prompt }, options)
    expect(taskIdOf(one)).toBe(taskIdOf(two))
    const other = openai.images.generate({ prompt: 'N' }, options)
    await expect(other).rejects.toBeInstanceOf(OpenAI.UnprocessableEntityError)
  })
})

describe('the Vercel AI SDK', () => {
  const model = (id = 'gpt-image-2') =>
    createOpenAI({ apiKey, baseURL: `${world.gateway.url}/openai/v1` }).image(id)

  it('makes pictures', async () => {
    const { images } = await generateImage({
      model: model(),
      prompt: 'O',
      n: 2,
      size: '1024x1024',
      providerOptions: { openai: { quality: 'auto' } },
    })
    expect(images.map(({ mediaType }) => mediaType)).toEqual(['image/png', 'image/png'])
  })

  it('edits them', async () => {
    const prompt = { text: 'P', images: [new Uint8Array(boat)] }
    const { image } = await generateImage({ model: model(), prompt })
    expect(image.uint8Array.byteLength).toBeGreaterThan(1000)
  })

  it('sends nothing again whose outcome is unknown, although it marks no repeat', async () => {
    const prompt = unique('Q [[answer=500]]')
    const made = generateImage({ model: model(), prompt, size: ODD_SIZE, maxRetries: 2 })
    const error = await made.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ statusCode: 422, isRetryable: false })
    expect(await paid(prompt)).toEqual({ submissions: 1, jobs: 1 })
  })
})
