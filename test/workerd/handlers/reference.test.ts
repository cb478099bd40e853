/** The reference against the gateway: every route is in it, every example works, every error is told. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { app } from '../../../src/app'
import { pathOf } from '../../../src/handlers/reference/curl'
import { errorsOf } from '../../../src/handlers/reference/errors'
import * as examples from '../../../src/handlers/reference/examples'
import type { Example, Operation } from '../../../src/handlers/reference/operation'
import { operationsOf } from '../../../src/handlers/reference/operations'
import { readSettings } from '../../../src/settings'
import { errorSchema } from '../../../src/wire/error'
import { taskSchema } from '../../../src/wire/task'
import {
  ADMIN_TOKEN,
  call,
  makeKey,
  makeQueued,
  readTask,
  untilOver,
  waitingCallbacks,
} from '../world/gateway'

const operations = operationsOf(readSettings(env))
const describedAnswers = operations.flatMap(({ id, answers }) =>
  answers.map((answer) => ({ id, ...answer })),
)

it('has an operation for every route, and no other', () => {
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const described = operations.map(({ method, path }) => `${method} ${path}`)
  expect(described.toSorted()).toEqual(routes.toSorted())
})

it.each(describedAnswers)('shows an answer of $id that fits its schema ($status)', (answer) => {
  if (answer.schema) expect(() => answer.schema?.parse(answer.example)).not.toThrow()
})

/** What stands in examples → what this gateway really gave. */
const real = new Map<string, string>()

function withRealValues(example: Example): Example {
  let text = JSON.stringify(example)
  for (const [shown, value] of real) text = text.replaceAll(shown, value)
  return JSON.parse(text)
}

/** Takes over the ids and keys of an answer that makes something. */
function learn(shown: unknown, given: unknown): void {
  if (typeof shown !== 'object' || typeof given !== 'object' || !shown || !given) return
  const values = new Map(Object.entries(given))
  for (const [name, value] of Object.entries(shown)) {
    const other: unknown = values.get(name)
    if ((name === 'id' || name === 'key') && typeof value === 'string') real.set(value, `${other}`)
    else learn(value, other)
  }
}

function tokenFor(operation: Operation): Record<string, string> {
  if (operation.access === 'none') return {}
  if (operation.access === 'admin') return { token: ADMIN_TOKEN }
  return { token: real.get(examples.shownOnce.key) ?? '' }
}

const taskId = () => real.get(examples.TASK_ID) ?? ''
const clientKey = () => real.get(examples.shownOnce.key) ?? ''

async function pictureBytes(): Promise<ArrayBuffer> {
  const task = await readTask(clientKey(), taskId())
  return (await call(task.outputs[0]?.url ?? '')).arrayBuffer()
}

async function play(operation: Operation, shown: Example): Promise<Response> {
  const example = withRealValues(shown)
  const { body, file, headers = {} } = example
  const type: Record<string, string> = body ? { 'content-type': 'application/json' } : {}
  return call(pathOf(operation.path, example), {
    method: operation.method.toUpperCase(),
    ...tokenFor(operation),
    headers: { ...type, ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(file ? { body: await pictureBytes() } : {}),
  })
}

/** What has to be true before an operation can be played. */
const PREPARATIONS: Record<string, () => Promise<void>> = {
  receiveCallback: async () => {
    const news = async () => {
      const task = await readTask(clientKey(), taskId())
      const reference = task.attempts[0]?.provider_task_id
      const callbacks = await waitingCallbacks()
      return callbacks.find(({ body }) => reference && body.includes(reference)) ?? null
    }
    await expect.poll(news).not.toBeNull()
    const callback = await news()
    const [, , , attempt = '', token = ''] = new URL(callback?.url ?? '').pathname.split('/')
    real.set(examples.ATTEMPT_ID, attempt).set(examples.CALLBACK_TOKEN, token)
    real.set(examples.PROVIDER_TASK_ID, JSON.parse(callback?.body ?? '{}').id)
  },
  streamTask: async () => {
    await untilOver(clientKey(), taskId())
  },
  cancelTask: async () => {
    const id = await makeQueued('A change of mind', {}, real.get(examples.KEY_ID))
    real.set('finished task', taskId()).set(examples.TASK_ID, id)
  },
  deleteTask: async () => {
    real.set(examples.TASK_ID, real.get('finished task') ?? '')
  },
}

/** An order in which each finds what it needs. */
const ORDER = [
  ...['getHealth', 'getOpenApi', 'getDocs', 'createKey', 'listKeys', 'listProviders', 'listModels'],
  ...['createQuote', 'testWebhook', 'createTask', 'receiveCallback', 'streamTask', 'getTask'],
  ...['listTasks', 'getOutput', 'createUpload', 'getUpload', 'listDeliveries', 'redeliver'],
  ...['listUsage', 'cancelTask', 'deleteTask', 'rotateKey', 'rotateWebhookSecret', 'deleteKey'],
]
const MAKERS = ['createKey', 'createTask', 'createUpload', 'listDeliveries']

describe('its examples, one after the other', () => {
  it('are all played', () => {
    expect(ORDER.toSorted()).toEqual(operations.map(({ id }) => id).toSorted())
  })

  it.each(ORDER)('%s', async (id) => {
    await PREPARATIONS[id]?.()
    const operation = operations.find((candidate) => candidate.id === id)
    if (!operation) throw new Error(`There is no operation ${id}.`)
    for (const example of operation.examples) {
      const response = await play(operation, example)
      const answer = operation.answers.find(({ status }) => status === response.status)
      if (!answer) throw new Error(`${response.status} ${await response.text()}`)
      expect(response.headers.get('x-request-id')).toMatch(/^req_/)
      const type = response.headers.get('content-type')?.split(';')[0]
      if (answer.schema) {
        expect(type).toBe('application/json')
        const body: unknown = await response.json()
        expect(() => answer.schema?.parse(body)).not.toThrow()
        if (MAKERS.includes(id) && example === operation.examples[0]) learn(answer.example, body)
      } else {
        if (answer.mediaTypes) expect(answer.mediaTypes).toContain(type)
        await response.bytes()
      }
    }
  })
})

describe('its errors', () => {
  const guarded = operations.filter(({ access }) => access !== 'none')
  const readers = operations.filter(({ method }) => method === 'get')
  const withPath = operations.filter(({ examples: [example] }) => example.path)

  it.each(guarded)('$id needs a key', async ({ method, path, examples: [example] }) => {
    const response = await call(pathOf(path, example), { method: method.toUpperCase() })
    expect(errorSchema.parse(await response.json()).error.code).toBe('invalid_api_key')
  })

  it.each(readers)('$id tells whether it checks its query', async (operation) => {
    const { access, path } = operation
    const token = access === 'admin' ? ADMIN_TOKEN : await makeKey()
    const query = '?expires=x&signature=x&unheard=of'
    const response = await call(path.replaceAll(/\{\w+\}/g, 'none') + query, { token })
    await response.bytes()
    expect(errorsOf(operation).includes('invalid_request')).toBe(response.status === 400)
  })

  it.each(withPath)('$id tells how it misses what is not there', async (operation) => {
    const token = operation.access === 'admin' ? ADMIN_TOKEN : await makeKey()
    const { method, path } = operation
    const response = await call(path.replaceAll(/\{\w+\}/g, 'none'), {
      method: method.toUpperCase(),
      token,
    })
    expect(response.status).toBe(404)
    expect(errorsOf(operation)).toContain(errorSchema.parse(await response.json()).error.code)
  })
})

it('streams the task that its schema describes', async () => {
  const key = await makeKey()
  const made = await call('/v1/tasks', {
    method: 'POST',
    token: key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'A brook', provider: 'nanobananaapi.dev' }),
  })
  const { id } = taskSchema.parse(await made.json())
  const text = await (await call(`/v1/tasks/${id}/events`, { token: key })).text()
  const events = [...text.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => JSON.parse(data))
  expect(events.map((data) => taskSchema.parse(data).status).at(-1)).toBe('succeeded')
})
