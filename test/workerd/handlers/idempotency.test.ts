/** Idempotency keys: one key, one task, however often and at whatever moment the POST is repeated. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ErrorJson } from '../../../src/wire/error'
import type { TaskJson } from '../../../src/wire/task'
import { call, makeKey, post, submissions, untilOver } from '../world/gateway'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

const uniquePrompt = () => `A ticket ${crypto.randomUUID()}`
const newKey = () => crypto.randomUUID()
const send = (body: object, idempotencyKey: string, token = key) =>
  post('/v1/tasks', token, body, { 'idempotency-key': idempotencyKey })

describe('an equal request with the same key', () => {
  it('is the same task, though twenty come at once', async () => {
    const body = { prompt: uniquePrompt(), provider: 'nanobananaapi.dev' }
    const idempotencyKey = newKey()
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => send(body, idempotencyKey)),
    )
    const tasks = await Promise.all(responses.map(async (r) => await r.json<TaskJson>()))
    const [first] = tasks
    expect(new Set(tasks.map(({ id }) => id))).toEqual(new Set([first?.id]))
    const replays = responses.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')
    expect(replays).toHaveLength(19)
    await untilOver(key, first?.id ?? '')
    expect(await submissions(body.prompt)).toHaveLength(1)

    const late = await send(body, idempotencyKey)
    expect(late.status).toBe(200)
    expect(late.headers.get('idempotent-replayed')).toBe('true')
    expect(await late.json()).toMatchObject({ id: first?.id, status: 'succeeded' })
  })

  it('is equal as JSON values, whatever the order, the spaces and the nulls', async () => {
    const idempotencyKey = newKey()
    const prompt = uniquePrompt()
    const first = await send(
      { prompt, provider: 'gptimage2.ai', metadata: { a: '1', b: '2' } },
      idempotencyKey,
    )
    const { id } = await first.json<TaskJson>()
    const again = await call('/v1/tasks', {
      method: 'POST',
      token: key,
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: `{ "metadata": {"b":"2","a":"1"}, "seed": null,
        "provider": "gptimage2.ai", "prompt": ${JSON.stringify(prompt)} }`,
    })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await again.json()).toMatchObject({ id })
  })

  it("is another key's own affair", async () => {
    const idempotencyKey = newKey()
    const body = { prompt: uniquePrompt(), provider: 'gptimage2.ai' }
    const mine = await (await send(body, idempotencyKey)).json<TaskJson>()
    const theirs = await send(body, idempotencyKey, await makeKey())
    expect(theirs.headers.has('idempotent-replayed')).toBe(false)
    expect((await theirs.json<TaskJson>()).id).not.toBe(mine.id)
  })
})

it('refuses another request under a key that was used', async () => {
  const idempotencyKey = newKey()
  await (await send({ prompt: uniquePrompt(), provider: 'gptimage2.ai' }, idempotencyKey)).text()
  const other = await send({ prompt: uniquePrompt(), provider: 'gptimage2.ai' }, idempotencyKey)
  expect(other.status).toBe(422)
  const { error } = await other.json<ErrorJson>()
  expect(error).toMatchObject({ code: 'idempotency_key_reused', param: 'Idempotency-Key' })
})

it('does not use up a key by a request that is refused', async () => {
  const idempotencyKey = newKey()
  const prompt = uniquePrompt()
  expect((await send({ prompt, n: 99 }, idempotencyKey)).status).toBe(400)
  const impossible = { prompt, provider: 'nanobananaapi.dev', quality: 'high', size: '17x17' }
  expect((await send(impossible, idempotencyKey)).status).toBe(422)
  expect((await send({ prompt, provider: 'gptimage2.ai' }, idempotencyKey)).status).toBe(202)
})

it.each(['', 'x'.repeat(256)])('refuses a key of the wrong length', async (idempotencyKey) => {
  const response = await send({ prompt: 'x' }, idempotencyKey)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { param: 'Idempotency-Key' } })
})

it('keeps a key for as long as its task', async () => {
  const idempotencyKey = newKey()
  const body = { prompt: uniquePrompt(), provider: 'nanobananaapi.dev' }
  const { id } = await (await send(body, idempotencyKey)).json<TaskJson>()
  await untilOver(key, id)
  const fourDays = 4 * 24 * 60 * 60_000
  await env.DB.prepare('update tasks set created_at = created_at - ? where id = ?')
    .bind(fourDays, id)
    .run()
  expect(await (await send(body, idempotencyKey)).json()).toMatchObject({ id })
})
