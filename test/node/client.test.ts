/** The client against a connection that fails in every way, scripted answer by answer. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  Imagegate,
  ImagegateError,
  type Task,
  TaskFailedError,
  WaitTimeoutError,
} from '../../client/index.ts'

interface Sent {
  method: string
  path: string
  headers: Headers
  body: unknown
}

type Step = Response | 'drop' | 'hang'

/** A client whose requests get these answers, one after the other, and what it sent. */
function scripted(...steps: Step[]): { client: Imagegate; sent: Sent[] } {
  const sent: Sent[] = []
  const answer: typeof fetch = async (input, { method = 'GET', headers, body, signal } = {}) => {
    const { pathname, search } = new URL(String(input))
    sent.push({ method, path: pathname + search, headers: new Headers(headers), body })
    const step = steps.shift()
    if (step === 'hang') return new Promise((_, reject) => listen(signal, reject))
    if (step === undefined || step === 'drop') throw new TypeError('fetch failed')
    return step
  }
  const options = { baseUrl: 'https://gateway.example.com/', apiKey: 'ig_test', fetch: answer }
  return { client: new Imagegate(options), sent }
}

function listen(signal: AbortSignal | null | undefined, reject: (reason: unknown) => void): void {
  signal?.addEventListener('abort', () => reject(signal.reason))
}

const task: Task = {
  id: 'task_1',
  object: 'task',
  status: 'processing',
  model: 'gpt-image-2',
  provider: 'gptimage2.ai',
  created_at: '2026-11-21T08:00:00.000Z',
  completed_at: null,
  outputs: [],
  cost: { credits: 0, usd: 0, charged: 'no' },
  attempts: [],
  error: null,
  metadata: {},
  request: { model: 'gpt-image-2', n: 1 },
}
const over: Task = { ...task, status: 'succeeded', completed_at: '2026-11-21T08:00:05.000Z' }
const failed: Task = {
  ...over,
  status: 'failed',
  error: { code: 'content_refused', message: 'No.', type: 'invalid_request_error' },
}

const refusal = (status: number, code: string, headers = {}) =>
  Response.json(
    { error: { code, message: 'No.', type: 'api_error', param: 'size' } },
    { status, headers: { 'x-request-id': 'req_1', ...headers } },
  )

const brokenOff = () =>
  new Response(new ReadableStream({ start: (controller) => controller.error(new Error('cut')) }))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The outcome of a call, all its pauses passed. */
async function outcome<T>(call: Promise<T>): Promise<{ value?: T; error?: unknown }> {
  const result = call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  await vi.runAllTimersAsync()
  return result
}

describe('a request that fails', () => {
  it.each<[string, Step]>([
    ['a dropped connection', 'drop'],
    ['a 503', refusal(503, 'misconfigured')],
    ['an answer that breaks off', brokenOff()],
    ['a 429', refusal(429, 'rate_limit_exceeded', { 'retry-after': '2' })],
  ])('is repeated after %s, under the same key', async (_, step) => {
    const { client, sent } = scripted(step, Response.json(task, { status: 202 }))
    expect(await outcome(client.tasks.create({ prompt: 'x' }))).toEqual({ value: task })
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys[1]).toBe(keys[0])
    expect(sent[1]?.body).toBe(sent[0]?.body)
  })

  it('is given up after four tries', async () => {
    const { client, sent } = scripted()
    const { error } = await outcome(client.tasks.get('task_1'))
    expect(error).toMatchObject({ code: 'connection_failed', status: 0 })
    expect(sent).toHaveLength(4)
  })

  it.each([
    ['a 500', refusal(500, 'internal_error')],
    ['a dropped connection', 'drop' as const],
  ])('is not repeated after %s if it could act twice', async (_, step) => {
    const { client, sent } = scripted(step)
    expect((await outcome(client.keys.create({ name: 'x' }))).error).toBeInstanceOf(ImagegateError)
    expect(sent).toHaveLength(1)
  })

  it('waits as long as Retry-After says, but not for hours', async () => {
    const startedAt = Date.now()
    const { client } = scripted(
      refusal(429, 'rate_limit_exceeded', { 'retry-after': '30' }),
      Response.json(task),
    )
    await outcome(client.tasks.create({ prompt: 'x' }))
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(30_000)

    const other = scripted(refusal(429, 'spend_limit_exceeded', { 'retry-after': '7200' }))
    const { error } = await outcome(other.client.tasks.create({ prompt: 'x' }))
    expect(error).toMatchObject({ code: 'spend_limit_exceeded', retryAfterSeconds: 7200 })
    expect(other.sent).toHaveLength(1)
  })

  it('tells what the gateway told', async () => {
    const { client } = scripted(refusal(400, 'invalid_request'))
    const { error } = await outcome(client.tasks.create({ prompt: 'x' }))
    expect(error).toBeInstanceOf(ImagegateError)
    expect(error).toMatchObject({
      code: 'invalid_request',
      status: 400,
      param: 'size',
      requestId: 'req_1',
      message: 'No.',
    })
  })

  it('tells the page of a proxy from an answer of the gateway', async () => {
    const { client } = scripted(new Response('<h1>Blocked</h1>', { status: 403 }))
    const { error } = await outcome(client.tasks.get('task_1'))
    expect(error).toMatchObject({ code: 'unreadable_answer', status: 403 })
  })

  it("stops at the caller's word, with the caller's reason", async () => {
    for (const steps of [['hang'], ['drop', 'drop']] as Step[][]) {
      const { client } = scripted(...steps)
      const abort = new AbortController()
      setTimeout(() => abort.abort('enough'), 100)
      const call = client.tasks.get('task_1', { signal: abort.signal })
      expect(await outcome(call)).toEqual({ error: 'enough' })
    }
  })
})

describe('waiting', () => {
  it('holds the first answer, then reads until the task is over', async () => {
    const { client, sent } = scripted(
      Response.json(task, { status: 202 }),
      Response.json(task),
      'drop',
      Response.json(over),
    )
    expect(await outcome(client.createAndWait({ prompt: 'x' }))).toEqual({ value: over })
    expect(sent[0]?.headers.get('prefer')).toBe('wait=60')
    expect(sent.slice(1).map(({ path }) => path)).toEqual(
      Array.from({ length: 3 }, () => '/v1/tasks/task_1?wait=60'),
    )
  })

  it('throws the task that failed', async () => {
    const { client } = scripted(Response.json(failed))
    const { error } = await outcome(client.createAndWait({ prompt: 'x' }))
    expect(error).toBeInstanceOf(TaskFailedError)
    expect(error).toMatchObject({ code: 'content_refused', message: 'No.', task: failed })
  })

  it('throws the task that takes too long', async () => {
    const { client } = scripted(...Array.from({ length: 20 }, () => Response.json(task)))
    const { error } = await outcome(client.createAndWait({ prompt: 'x' }, { timeoutSeconds: 3 }))
    expect(error).toBeInstanceOf(WaitTimeoutError)
    expect(error).toMatchObject({ task })
  })
})

describe('events', () => {
  const event = (id: number, data: Task) =>
    `id: ${id}\nevent: task\ndata: ${JSON.stringify(data)}\n\n`

  it('go on after the last one when the stream breaks off', async () => {
    const { client, sent } = scripted(
      new Response(`: waiting\n\n${event(1, task)}${event(2, over).slice(0, 40)}`),
      new Response(event(2, over)),
    )
    const seen: string[] = []
    const watching = async () => {
      for await (const { status } of client.tasks.events('task_1')) seen.push(status)
    }
    await outcome(watching())
    expect(seen).toEqual(['processing', 'succeeded'])
    expect(sent.map(({ headers }) => headers.get('last-event-id'))).toEqual(['0', '1'])
  })
})

it.each(['', 'gateway.example.com', '/', 'https://'])('refuses "%s" as an address', (baseUrl) => {
  expect(() => new Imagegate({ baseUrl, apiKey: 'ig_test' })).toThrow(/^baseUrl is /)
})

it('writes queries as the gateway reads them', async () => {
  const { client, sent } = scripted(Response.json({ data: [], next_cursor: null }))
  await client.tasks.list({ status: 'failed', limit: 5, metadata: { order: 'a b' } })
  expect(sent[0]?.path).toBe('/v1/tasks?status=failed&limit=5&metadata%5Border%5D=a+b')
  expect(sent[0]?.headers.get('authorization')).toBe('Bearer ig_test')
})
