/** The reference against the gateway: every example works, every error is told. */
import { describe, expect, it } from 'vitest'
import { CALLBACK_TOKEN } from '../../../src/handlers/callbacks'
import type { Example, Operation } from '../../../src/handlers/endpoint/endpoint'
import { errorShapeOf } from '../../../src/handlers/error-response'
import { ApiError } from '../../../src/handlers/errors'
import { CLIENT_KEY, KEY_ID } from '../../../src/handlers/keys/key'
import { pathOf } from '../../../src/handlers/openapi/curl'
import { errorsOf } from '../../../src/handlers/openapi/errors'
import { OPERATIONS } from '../../../src/handlers/operations'
import { ATTEMPT_ID, PROVIDER_TASK_ID, TASK_ID } from '../../../src/handlers/tasks/examples'
import { errorSchema } from '../../../src/wire/error'
import { taskSchema } from '../../../src/wire/task'
import {
  ADMIN_TOKEN,
  call,
  deliver,
  makeKey,
  makeQueued,
  makeTask,
  readTask,
  untilOver,
  waitingCallbacks,
} from '../world/gateway'

const describedAnswers = OPERATIONS.flatMap(({ id, answers }) =>
  Object.entries(answers).map(([status, answer]) => ({ id, status, answer })),
)

it.each(describedAnswers)('shows an answer of $id that fits its schema ($status)', ({ answer }) => {
  if (answer.kind === 'json') expect(() => answer.schema.parse(answer.example)).not.toThrow()
})

/** What stands in examples → what this gateway really gave. */
const real = new Map<string, string>()

function withRealValues(shown: string): string {
  return [...real].reduce((text, [name, value]) => text.replaceAll(name, value), shown)
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
  if (operation.access === 'none' || operation.access === 'callback') return {}
  if (operation.access === 'admin') return { token: ADMIN_TOKEN }
  return { token: real.get(CLIENT_KEY) ?? '' }
}

const taskId = () => real.get(TASK_ID) ?? ''
const clientKey = () => real.get(CLIENT_KEY) ?? ''

async function pictureBytes(): Promise<ArrayBuffer> {
  const task = await readTask(clientKey(), taskId())
  return (await call(task.outputs[0]?.url ?? '')).arrayBuffer()
}

async function play(operation: Operation, shown: Example): Promise<Response> {
  const { body, file, headers = {} }: Example = JSON.parse(withRealValues(JSON.stringify(shown)))
  const type: Record<string, string> = body ? { 'content-type': 'application/json' } : {}
  return call(withRealValues(pathOf(operation, shown)), {
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
    real.set(ATTEMPT_ID, attempt).set(CALLBACK_TOKEN, token)
    real.set(PROVIDER_TASK_ID, JSON.parse(callback?.body ?? '{}').id)
  },
  streamTask: async () => {
    await untilOver(clientKey(), taskId())
  },
  cancelTask: async () => {
    const id = await makeQueued('A change of mind', {}, real.get(KEY_ID))
    real.set('finished task', taskId()).set(TASK_ID, id)
  },
  settleCharge: async () => {
    const request = { prompt: 'A lost letter [[answer=500]]', provider: 'gptimage2.ai' }
    const key = await makeKey()
    const { id } = await makeTask(key, request)
    const task = await untilOver(key, id)
    real.set(ATTEMPT_ID, task.attempts[0]?.id ?? '')
  },
  deleteTask: async () => {
    real.set(TASK_ID, real.get('finished task') ?? '')
  },
}

/** Those that make what the others need, then the others, then those that take it away. */
const FIRST = [
  ...['createKey', 'createQuote', 'testWebhook', 'createTask', 'receiveCallback', 'streamTask'],
  ...['getOutput', 'createUpload', 'listDeliveries', 'redeliver'],
]
const LAST = ['cancelTask', 'deleteTask', 'rotateKey', 'rotateWebhookSecret', 'deleteKey']
const OTHERS = OPERATIONS.map(({ id }) => id).filter((id) => ![...FIRST, ...LAST].includes(id))
const MAKERS = ['createKey', 'createTask', 'createUpload', 'listDeliveries']

const arrived = new Set<string>()

/** Some answers are held until a provider has called back. */
async function whileCallbacksArrive<Value>(work: Promise<Value>): Promise<Value> {
  const over = work.then(
    () => true,
    () => true,
  )
  while (!(await Promise.race([over, scheduler.wait(200)]))) {
    for (const callback of await waitingCallbacks()) {
      if (arrived.has(callback.url)) continue
      arrived.add(callback.url)
      await deliver(callback)
    }
  }
  return work
}

/** For an operation that has none: called as it is. */
const CALL: Example = { title: 'Call' }

describe('its examples, one after the other', () => {
  it.each([...FIRST, ...OTHERS, ...LAST])('%s', async (id) => {
    await PREPARATIONS[id]?.()
    const operation = OPERATIONS.find((candidate) => candidate.id === id)
    if (!operation) throw new Error(`There is no operation ${id}.`)
    const { examples = [CALL], answers } = operation
    for (const [index, example] of examples.entries()) {
      const response = await whileCallbacksArrive(play(operation, example))
      const [, answer] =
        Object.entries(answers).find(([status]) => Number(status) === response.status) ?? []
      if (!answer) throw new Error(`${response.status} ${await response.text()}`)
      expect(response.headers.get('x-request-id')).toMatch(/^req_/)
      const type = response.headers.get('content-type')?.split(';')[0]
      if (answer.kind === 'json') {
        expect(type).toBe('application/json')
        const body: unknown = await response.json()
        expect(() => answer.schema.parse(body)).not.toThrow()
        if (MAKERS.includes(id) && index === 0) learn(answer.example, body)
      } else {
        if (answer.kind === 'stream') expect(answer.mediaTypes).toContain(type)
        const body = await whileCallbacksArrive(response.bytes())
        if (answer.kind === 'stream' && answer.json && type === 'application/json') {
          const { schema } = answer.json
          expect(() => schema.parse(JSON.parse(new TextDecoder().decode(body)))).not.toThrow()
        }
      }
    }
  })
})

/** An error of a status that is told, in the shape that its API has. */
async function expectTold(operation: Operation, response: Response): Promise<void> {
  const { schema, write } = errorShapeOf(operation.path)
  const body: unknown = await response.json()
  expect(() => schema.parse(body)).not.toThrow()
  const codes = errorsOf(operation)
  const statuses = codes.map((code) => write(new ApiError(code, 'Any')).status)
  expect(statuses).toContain(response.status)
  if (schema === errorSchema) expect(codes).toContain(errorSchema.parse(body).error.code)
}

describe('its errors', () => {
  const guarded = OPERATIONS.filter(({ access }) => access !== 'none' && access !== 'callback')
  const readers = OPERATIONS.filter(({ method }) => method === 'get')
  const withPath = OPERATIONS.filter(({ params }) => params)

  it.each(guarded)('$id needs a key', async (operation) => {
    const method = operation.method.toUpperCase()
    const response = await call(pathOf(operation, CALL), { method })
    expect(response.status).toBe(401)
    await expectTold(operation, response)
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
    const { method, path, body, examples: [{ body: shown } = CALL] = [] } = operation
    const response = await call(path.replaceAll(/\{\w+\}/g, 'none'), {
      method: method.toUpperCase(),
      token,
      ...(body?.isRequired && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(shown),
      }),
    })
    expect(response.status).toBe(404)
    await expectTold(operation, response)
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
