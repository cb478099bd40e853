/** The log: one JSON line for each request and step, and nothing in it that is not ours to tell. */
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { ADMIN_TOKEN, call, makeKey, runTask, waitingCallbacks } from '../world/gateway'

let spy: MockInstance<typeof console.log>
beforeEach(() => {
  spy = vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => spy.mockRestore())

const lines = () => spy.mock.calls.map(([line]) => String(line))
const records = () => lines().map((line) => JSON.parse(line) as Record<string, unknown>)

describe('the log', () => {
  it('has a line for each request, with its id', async () => {
    const response = await call('/v1/tasks/task_none/outputs/0', { token: await makeKey() })
    await response.arrayBuffer()
    expect(records().at(-1)).toEqual({
      event: 'request',
      request: response.headers.get('x-request-id'),
      method: 'GET',
      route: '/v1/tasks/:id/outputs/:index',
      status: 404,
      milliseconds: expect.any(Number),
    })
  })

  it('has a line for what a task went through', async () => {
    const key = await makeKey()
    const { id } = await runTask(key, { prompt: 'A diary', provider: 'aivideoapi.ai' })
    const own = records().filter(({ task }) => task === id)
    expect(new Set(own.map(({ event }) => event))).toEqual(
      new Set(['accept', 'submit', 'callback', 'poll', 'store', 'attempt', 'task']),
    )
    const attempt = expect.stringMatching(/^att_/)
    const provider = 'aivideoapi.ai'
    expect(own).toContainEqual({
      event: 'submit',
      task: id,
      attempt,
      provider,
      outcome: 'accepted',
      milliseconds: expect.any(Number),
    })
    expect(own.find(({ event }) => event === 'accept')?.request).toMatch(/^req_/)
  })

  it('has no line for a look-up without news', async () => {
    const key = await makeKey()
    const request = { prompt: 'A long story [[delay=3]]', provider: 'gptimage2.ai' }
    const { id } = await runTask(key, request)
    const own = records().filter(({ task }) => task === id)
    expect(own.map(({ event }) => event).sort()).toEqual([
      'accept',
      'attempt',
      'poll',
      'store',
      'submit',
      'task',
      'task',
    ])
  })

  it('holds no prompt, key, secret, token or address', async () => {
    const key = await makeKey('a name that is nobody’s business')
    const prompt = `A canary ${crypto.randomUUID()}`
    const callback_url = `https://client.example.com/fails/${crypto.randomUUID()}`
    const request = { prompt: `${prompt} [[picture=404 times=1]]`, callback_url }
    const task = await runTask(key, { ...request, provider: 'aivideoapi.ai' })
    await (await call(task.outputs[0]?.url ?? '')).arrayBuffer()
    const text = lines().join('\n')
    const token = (await waitingCallbacks()).at(-1)?.url.split('/').at(-1) ?? 'none'
    const signature = new URL(task.outputs[0]?.url ?? '').searchParams.get('signature') ?? 'none'
    for (const secret of [key, ADMIN_TOKEN, prompt, token, signature, 'sk-sandbox', 'https://']) {
      expect(text).not.toContain(secret)
    }
    expect(text).toContain(task.id)
  })
})
