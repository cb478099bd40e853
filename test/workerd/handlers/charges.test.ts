/** Charges that nobody knew, settled by the operator: once, and everything that counts money follows. */
import { describe, expect, it } from 'vitest'
import type { KeyListJson, NewKeyJson } from '../../../src/wire/key'
import type { TaskJson } from '../../../src/wire/task'
import type { UsageListJson } from '../../../src/wire/usage'
import { dumpEverything } from '../world/endpoints'
import {
  ADMIN_TOKEN,
  backdate,
  call,
  makeKey,
  makeTask,
  post,
  runTask,
  until,
  untilOver,
} from '../world/gateway'

/** aivideoapi.ai at 1k: 4.7 credits at half a cent. */
const PICTURE_USD = 0.0235

async function makeLimitedKey(): Promise<NewKeyJson> {
  const limits = { daily_usd_limit: 10, total_usd_limit: 10 }
  return (await post('/v1/keys', ADMIN_TOKEN, { name: 'limited', ...limits })).json()
}

/** A task whose only attempt may have been charged: nobody knows. */
async function makeUnknown(key: string, wishes = {}): Promise<TaskJson> {
  const prompt = 'A coin [[answer=500 callback=none]]'
  const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai', ...wishes })
  await until(key, id, ({ attempts }) => attempts[0]?.status === 'unknown')
  await backdate(id, 'deadline_at')
  return untilOver(key, id)
}

function settle(task: TaskJson, body: object, token = ADMIN_TOKEN): Promise<Response> {
  return post(`/v1/attempts/${task.attempts[0]?.id}/charge`, token, body)
}

async function spent({ id }: NewKeyJson): Promise<Array<number | null | undefined>> {
  const list = await (await call('/v1/keys', { token: ADMIN_TOKEN })).json<KeyListJson>()
  const key = list.data.find((each) => each.id === id)
  return [key?.daily_usd, key?.total_usd]
}

async function usage(token: string): Promise<UsageListJson['total']> {
  return (await (await call('/v1/usage', { token })).json<UsageListJson>()).total
}

describe('a charge', () => {
  it('that was none is given back', async () => {
    const key = await makeLimitedKey()
    const task = await makeUnknown(key.key)
    expect(task.cost.charged).toBe('unknown')
    expect(await spent(key)).toEqual([PICTURE_USD, PICTURE_USD])
    expect(await usage(key.key)).toMatchObject({ unknown: 1, unknown_usd: PICTURE_USD })

    const response = await settle(task, { charged: 'no' })
    expect(response.status).toBe(200)
    const settled = await response.json<TaskJson>()
    expect(settled).toMatchObject({
      id: task.id,
      status: 'failed',
      error: { code: 'submit_outcome_unknown' },
      cost: { credits: 0, usd: 0, charged: 'no' },
      attempts: [{ charged: 'no', status: 'unknown' }],
    })
    expect(await spent(key)).toEqual([0, 0])
    expect(await usage(key.key)).toMatchObject({ images: 0, usd: 0, unknown: 0, unknown_usd: 0 })
  })

  it('that was more than expected counts as it was', async () => {
    const key = await makeLimitedKey()
    const task = await makeUnknown(key.key)
    const response = await settle(task, { charged: 'yes', credits: 6 })
    const { cost } = await response.json<TaskJson>()
    expect(cost).toEqual({ credits: 6, usd: 0.03, charged: 'yes' })
    expect(await spent(key)).toEqual([0.03, 0.03])
    expect(await usage(key.key)).toMatchObject({ images: 1, credits: 6, usd: 0.03, unknown: 0 })
  })

  it('is as expected where nothing else is said', async () => {
    const key = await makeKey()
    const response = await settle(await makeUnknown(key), { charged: 'yes', credits: null })
    const { cost } = await response.json<TaskJson>()
    expect(cost).toEqual({ credits: 4.7, usd: PICTURE_USD, charged: 'yes' })
  })

  it('is settled once', async () => {
    const task = await makeUnknown(await makeKey())
    const answers = await Promise.all(
      ['yes', 'no', 'yes', 'no'].map((charged) => settle(task, { charged })),
    )
    const verdicts = answers.map(({ status }) => status)
    expect(verdicts.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1)
    const said = await Promise.all(
      answers.filter(({ ok }) => ok).map((answer) => answer.json<TaskJson>()),
    )
    expect(new Set(said.map(({ cost }) => cost.charged)).size).toBe(1)
    const again = await settle(task, { charged: said[0]?.cost.charged })
    expect(again.status).toBe(409)
    expect(await again.json()).toMatchObject({ error: { code: 'charge_known' } })
  })

  it('that is known, or of an attempt that still runs, is not settled', async () => {
    const key = await makeKey()
    const paid = await runTask(key, { prompt: 'A coin', provider: 'nanobananaapi.dev' })
    const { id } = await makeTask(key, { prompt: 'A coin [[delay=60]]', provider: 'gptimage2.ai' })
    const running = await until(key, id, ({ attempts }) => attempts[0]?.status === 'running')
    for (const task of [paid, running]) {
      const response = await settle(task, { charged: 'no' })
      expect(response.status).toBe(409)
      expect(await response.json()).toMatchObject({ error: { code: 'charge_known' } })
    }
    await backdate(id, 'deadline_at')
    await untilOver(key, id)
  })

  it('of a deleted task is settled for the ledger', async () => {
    const key = await makeKey()
    const task = await makeUnknown(key)
    await call(`/v1/tasks/${task.id}`, { method: 'DELETE', token: key })
    expect((await settle(task, { charged: 'yes' })).status).toBe(200)
    expect(await usage(key)).toMatchObject({ images: 1, unknown: 0 })
    expect((await call(`/v1/tasks/${task.id}`, { token: key })).status).toBe(404)
  })

  it('is announced to nobody', async () => {
    const key = await makeKey()
    const callback_url = 'https://client.example.com/ok/settled'
    const task = await makeUnknown(key, { callback_url })
    const deliveries = async () =>
      (await call(`/v1/tasks/${task.id}/deliveries`, { token: key })).json<{ data: unknown[] }>()
    expect((await deliveries()).data).toHaveLength(1)
    await settle(task, { charged: 'no' })
    expect((await deliveries()).data).toHaveLength(1)
  })
})

it('is for attempts that there are', async () => {
  const response = await post('/v1/attempts/att_none/charge', ADMIN_TOKEN, { charged: 'no' })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ error: { code: 'not_found' } })
})

it.each([
  ['charged', {}],
  ['charged', { charged: 'unknown' }],
  ['charged', { charged: true }],
  ['credits', { charged: 'yes', credits: -1 }],
  ['credits', { charged: 'yes', credits: '1' }],
  ['credits', { charged: 'no', credits: 0 }],
  ['usd', { charged: 'yes', usd: 1 }],
])('needs %s to be right (%j)', async (param, body) => {
  const task = await makeUnknown(await makeKey())
  const before = await dumpEverything()
  const response = await settle(task, body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { param } })
  expect(await dumpEverything()).toEqual(before)
})

it('belongs to the operator', async () => {
  const key = await makeKey()
  const response = await settle(await makeUnknown(key), { charged: 'no' }, key)
  expect(response.status).toBe(403)
})
