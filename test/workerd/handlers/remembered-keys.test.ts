/** A key that an isolate remembers: one trip for a task, and no answer once it is not what it was. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, describe, expect, it } from 'vitest'
import { findKeyByHash } from '../../../src/db/keys'
import { recallClient, rememberKey } from '../../../src/flow/remembered-keys'
import worker from '../../../src/index'
import type { NewKeyJson, RotatedKeyJson } from '../../../src/wire/key'
import { dumpEverything } from '../world/endpoints'
import { ADMIN_TOKEN, call, ORIGIN, post, testPorts, uniquePrompt } from '../world/gateway'
import { tripsOf, watchTrips } from '../world/rows-read'

const REQUEST = { prompt: 'A coin', provider: 'aivideoapi.ai' }
const MINUTE_MS = 60_000

/** An isolate of its own: others change the key, and it hears nothing of that. Its runners rest. */
const isolate = { ...env, RUNNER: { getByName: () => ({ wake: async () => undefined }) } } as never

/** Nobody was told of the tasks that are made here, so nobody would end them. */
afterAll(async () => {
  await env.DB.exec("update tasks set status = 'canceled' where status = 'queued'")
})

async function send(path: string, key: string, body: unknown, headers = {}): Promise<Response> {
  const context = createExecutionContext()
  const request = new Request(ORIGIN + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const response = await worker.fetch(request, isolate, context)
  await waitOnExecutionContext(context)
  return response
}

const order = (key: string, wishes = {}, headers = {}) =>
  send('/v1/tasks', key, { ...REQUEST, ...wishes }, headers)

/** A key that the isolate has seen. */
async function makeSeenKey(limits = {}): Promise<NewKeyJson> {
  const made = await post('/v1/keys', ADMIN_TOKEN, { name: 'seen', ...limits })
  const key = await made.json<NewKeyJson>()
  expect((await order(key.key, {}, { 'idempotency-key': 'first' })).status).toBe(202)
  return key
}

function change(method: string, { id }: NewKeyJson, rest = '', body = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const sent = { method, token: ADMIN_TOKEN, headers, body: JSON.stringify(body) }
  return call(`/v1/keys/${id}${rest}`, method === 'DELETE' ? { method, token: ADMIN_TOKEN } : sent)
}

const countTasks = ({ id }: NewKeyJson) =>
  env.DB.prepare('select count(*) as count from tasks where key_id = ?').bind(id).first('count')

describe('a key that was seen', () => {
  it.each([
    ['without limits', {}],
    ['with limits', { rate_limit_per_minute: 9, daily_usd_limit: 7.7, total_usd_limit: 0.1 }],
  ])('makes a task in one trip (%s)', async (_, limits) => {
    const { key, id } = await makeSeenKey(limits)
    expect(await tripsOf(async () => expect((await order(key)).status).toBe(202))).toBe(1)
    const rows = env.DB.prepare('select distinct key_id from tasks where key_id = ?').bind(id)
    expect((await rows.all()).results).toEqual([{ key_id: id }])
  })

  it('is confirmed by an insert that finds its task or a limit', async () => {
    const { key } = await makeSeenKey({ rate_limit_per_minute: 1 })
    const repeat = () => order(key, {}, { 'idempotency-key': 'first' })
    let answer = await repeat()
    expect(await tripsOf(async () => (answer = await repeat()))).toBe(3)
    expect(answer.headers.get('idempotent-replayed')).toBe('true')
    expect(await tripsOf(async () => (answer = await order(key)))).toBe(2)
    expect(answer.status).toBe(429)
  })

  it('is told what is wrong with a request', async () => {
    const { key } = await makeSeenKey()
    expect((await order(key, { n: 99 })).status).toBe(400)
    expect((await order(key, { model: 'gpt-none' })).status).toBe(400)
    expect((await order(key, { max_usd: 0.0001 })).status).toBe(422)
    const known = { 'idempotency-key': 'first' }
    expect((await order(key, { max_usd: 0.0001 }, known)).status).toBe(422)
  })
})

/** What a client may send, well or wrong; all of it has the same answer. */
const REQUESTS: Array<[name: string, ask: (key: string) => Promise<Response>]> = [
  ['a new task', (key) => order(key)],
  ['a repeat', (key) => order(key, {}, { 'idempotency-key': 'first' })],
  [
    'another request under a used key',
    (key) => order(key, { n: 2 }, { 'idempotency-key': 'first' }),
  ],
  ['a wrong field', (key) => order(key, { n: 99 })],
  ['an unknown model', (key) => order(key, { model: 'gpt-none' })],
  [
    'an unknown model in a repeat',
    (key) => order(key, { model: 'x' }, { 'idempotency-key': 'first' }),
  ],
  ['what nobody makes', (key) => order(key, { max_usd: 0.0001 })],
  ['a private address', (key) => order(key, { image_urls: ['http://10.0.0.1/x'] })],
  ['a wrong header', (key) => order(key, {}, { prefer: 'wait=x', 'idempotency-key': '' })],
]
const DIALECTS = Object.entries({
  '/compat/aivideoapi.ai/v1/images/generations': { input: { prompt: 'A coin' } },
  '/compat/gptimage2api.org/api/ai/image/generate': { prompt: 'A coin' },
  '/compat/nanobananaapi.dev/v1/images/generate': { prompt: 'A coin' },
}).map(([path, body]): (typeof REQUESTS)[number] => [
  path,
  (key) => send(path, key, { model: 'gpt-image-2', ...body }),
])
const revoke = (key: NewKeyJson) => change('DELETE', key)
const replace = (key: NewKeyJson) => change('POST', key, '/rotate', { grace_seconds: 0 })

async function expectRefused(
  end: (key: NewKeyJson) => Promise<Response>,
  ask: (key: string) => Promise<Response>,
): Promise<void> {
  const made = await makeSeenKey({ rate_limit_per_minute: 1 })
  expect((await end(made)).ok).toBe(true)
  const before = await dumpEverything()
  const response = await ask(made.key)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer')
  expect(await dumpEverything()).toEqual(before)
}

describe('a key that is revoked', () => {
  it.each([...REQUESTS, ...DIALECTS])('stops at once: %s', (_, ask) => expectRefused(revoke, ask))
})

describe('a key that is rotated without grace', () => {
  it.each(REQUESTS.slice(0, 2))('stops at once: %s', (_, ask) => expectRefused(replace, ask))
})

describe('a key that was changed', () => {
  it('is held to its new limits at once', async () => {
    const made = await makeSeenKey()
    await change('PATCH', made, '', { rate_limit_per_minute: 1 })
    const first = await order(made.key)
    expect(first.status).toBe(202)
    expect(first.headers.get('ratelimit-limit')).toBe('1')
    expect((await order(made.key)).status).toBe(429)

    await change('PATCH', made, '', { rate_limit_per_minute: null })
    const free = await order(made.key)
    expect(free.status).toBe(202)
    expect(free.headers.has('ratelimit-limit')).toBe(false)
    for (const limit of ['daily_usd_limit', 'total_usd_limit']) {
      await change('PATCH', made, '', { [limit]: 0.01 })
      const tooDear = await order(made.key)
      expect(await tooDear.json()).toMatchObject({ error: { code: 'spend_limit_exceeded' } })
      await change('PATCH', made, '', { [limit]: null })
      expect((await order(made.key)).status).toBe(202)
    }
    expect(await countTasks(made)).toBe(5)
  })

  it('lets through as many as its limit says, however many come at once', async () => {
    const made = await makeSeenKey({ rate_limit_per_minute: 9 })
    await change('PATCH', made, '', { rate_limit_per_minute: 4 })
    const answers = await Promise.all(Array.from({ length: 9 }, () => order(made.key)))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3)
    expect(await countTasks(made)).toBe(4)
  })

  it('works on in its grace, and is looked up each time', async () => {
    const made = await makeSeenKey()
    const rotated = await change('POST', made, '/rotate', { grace_seconds: 60 })
    const { key } = await rotated.json<RotatedKeyJson>()
    for (const token of [made.key, key, made.key]) expect((await order(token)).status).toBe(202)
    expect(await tripsOf(() => order(made.key))).toBe(2)
    await env.DB.batch([
      env.DB.prepare('update key_hashes set ends_at = 1 where ends_at is not null'),
      env.DB.prepare('update keys set previous_key_until = 1 where previous_key_until is not null'),
    ])
    expect((await order(made.key)).status).toBe(401)
    expect((await order(key)).status).toBe(202)
  })
})

describe('an insert whose answer gets lost', () => {
  const isInsert = (question: string) => /insert into \\"tasks\\"/.test(question)

  it('is the task, although the key is revoked before it is tried again', async () => {
    const made = await makeSeenKey()
    let losses = 0
    const response = await watchTrips(
      () => order(made.key, { prompt: uniquePrompt('lost') }),
      async (_, question) => {
        if (!isInsert(question) || ++losses > 1) return
        await change('DELETE', made)
        throw new Error('D1_ERROR: Network connection lost.')
      },
    )
    expect(response.status).toBe(202)
    expect(await countTasks(made)).toBe(2)
  })

  const losing = (work: () => Promise<Response>) =>
    watchTrips(work, (_, question) => {
      if (isInsert(question)) throw new Error('D1_ERROR: Network connection lost.')
    })

  it('is not followed by a second task when nobody can tell', async () => {
    const made = await makeSeenKey()
    expect((await losing(() => order(made.key))).status).toBe(500)
    expect(await countTasks(made)).toBe(2)
  })

  it('tells a key that was revoked nothing else', async () => {
    const made = await makeSeenKey()
    await revoke(made)
    expect((await losing(() => order(made.key))).status).toBe(401)
  })
})

describe('the memory', () => {
  const isolateMemory = () => ({
    health: null,
    lookupPauses: new Map(),
    answers: new Map(),
    keys: new Map(),
  })

  async function anyKey() {
    const { id } = await makeSeenKey()
    const hash = await env.DB.prepare('select key_hash from keys where id = ?')
      .bind(id)
      .first('key_hash')
    const ports = testPorts({ isolate: isolateMemory() })
    const key = await findKeyByHash(ports.database, String(hash), Date.now())
    if (!key) throw new Error('no key')
    return { ports, key }
  }

  it('lasts until it has to be looked up', async () => {
    const { ports, key } = await anyKey()
    rememberKey(ports, key.keyHash, key, 5 * MINUTE_MS)
    const at = (now: number) => recallClient({ ...ports, now: () => now }, key.keyHash)
    expect(at(5 * MINUTE_MS - 1)).toMatchObject({ id: key.id })
    expect(at(5 * MINUTE_MS)).toBeNull()
  })

  it('is bounded', async () => {
    const { ports, key } = await anyKey()
    for (let number = 0; number < 1_500; number++)
      rememberKey(ports, `${number}`, { ...key, keyHash: `${number}` }, Infinity)
    expect(ports.isolate.keys.size).toBe(1_000)
    expect(recallClient(ports, '1499')).not.toBeNull()
    expect(recallClient(ports, '0')).toBeNull()
  })
})
