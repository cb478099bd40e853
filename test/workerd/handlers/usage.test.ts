/** Sums of usage: the ledger added up by what is asked for, complete, and one key's own. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/database'
import { recountUsage } from '../../../src/db/usage'
import type { KeyListJson, NewKeyJson } from '../../../src/wire/key'
import type { UsageListJson } from '../../../src/wire/usage'
import {
  ADMIN_TOKEN,
  backdate,
  call,
  makeKey,
  makeTask,
  post,
  until,
  untilOver,
} from '../world/gateway'

let key: string
let keyId: string
const today = new Date().toISOString().slice(0, 10)
const nothing = { images: 0, credits: 0, usd: 0, unknown: 0, unknown_credits: 0, unknown_usd: 0 }

beforeAll(async () => {
  const made = await post('/v1/keys', ADMIN_TOKEN, { name: 'shop' })
  ;({ key, id: keyId } = await made.json<NewKeyJson>())
  const requests = [
    { prompt: 'One', provider: 'nanobananaapi.dev' },
    { prompt: 'Two [[submit=400]]', provider: 'gptimage2.ai' },
    { prompt: 'Three [[answer=500]]', provider: 'gptimage2.ai' },
    { prompt: 'Four', provider: 'aivideoapi.ai', n: 2 },
  ]
  const tasks = await Promise.all(requests.map((request) => makeTask(key, request)))
  await Promise.all(tasks.map(({ id }) => untilOver(key, id)))
}, 60_000)

async function usage(query = '', token = key): Promise<UsageListJson> {
  const response = await call(`/v1/usage${query}`, { token })
  expect(response.status).toBe(200)
  return response.json()
}

const cost = async (task: string, column: string): Promise<number> => {
  const statement = `select credits from attempts join tasks on tasks.id = task_id
    where key_id = ? and provider = ? and charged = ?`
  const value = await env.DB.prepare(statement).bind(keyId, task, column).first('credits')
  return Number(value)
}

describe('usage', () => {
  it('adds up by provider and day, and what nobody knows as an amount', async () => {
    const paid = await cost('nanobananaapi.dev', 'yes')
    const lost = await cost('gptimage2.ai', 'unknown')
    expect(lost).toBeGreaterThan(0)
    const { data, total } = await usage()
    expect(data).toEqual([
      { ...nothing, provider: 'aivideoapi.ai', day: today, images: 2, credits: 9.4, usd: 0.047 },
      {
        ...nothing,
        provider: 'gptimage2.ai',
        day: today,
        unknown: 1,
        unknown_credits: lost,
        unknown_usd: null,
      },
      {
        ...nothing,
        provider: 'nanobananaapi.dev',
        day: today,
        images: 1,
        credits: paid,
        usd: null,
      },
    ])
    expect(total).toEqual({
      images: 3,
      credits: 9.4 + paid,
      usd: 0.047,
      unknown: 1,
      unknown_credits: lost,
      unknown_usd: null,
    })
  })

  it.each([
    ['day', [{ day: today, images: 3 }]],
    [
      'provider',
      [
        { provider: 'aivideoapi.ai', images: 2 },
        { provider: 'gptimage2.ai', images: 0, unknown: 1 },
        { provider: 'nanobananaapi.dev', images: 1 },
      ],
    ],
    ['key', [{ key_name: 'shop', images: 3, unknown: 1 }]],
    ['key,day', [{ key_name: 'shop', day: today, images: 3 }]],
  ])('has a row for each %s', async (group, expected) => {
    const { data, total } = await usage(`?group_by=${group}`)
    expect(data).toMatchObject(expected)
    const names = group
      .split(',')
      .flatMap((name) => (name === 'key' ? ['key_id', 'key_name'] : name))
    expect(Object.keys(data[0] ?? {}).sort()).toEqual([...names, ...Object.keys(nothing)].sort())
    expect(total).toEqual((await usage()).total)
  })

  it('counts the open attempt of a task that its deadline ended', async () => {
    const other = await makeKey('other')
    const body = { prompt: 'A vigil [[delay=60]]', provider: 'gptimage2.ai' }
    const { id } = await makeTask(other, body)
    await until(other, id, ({ attempts }) => attempts[0]?.status === 'running')
    expect(await usage('', other)).toEqual({ data: [], total: nothing })
    await backdate(id, 'deadline_at')
    await untilOver(other, id)
    expect((await usage('', other)).data).toMatchObject([{ images: 0, unknown: 1 }])
  })

  it('is the sum of the ledger, for the operator', async () => {
    const { data, total } = await usage('?group_by=key,provider', ADMIN_TOKEN)
    const ledger = await env.DB.prepare(
      "select sum(credits) as credits from attempts where charged = 'yes'",
    ).first<{ credits: number }>()
    expect(total.credits).toBeCloseTo(ledger?.credits ?? Number.NaN, 6)
    expect(data.reduce((sum, { credits }) => sum + (credits ?? 0), 0)).toBeCloseTo(
      ledger?.credits ?? Number.NaN,
      6,
    )
    const own = `?group_by=key,provider&key_id=${keyId}`
    expect(await usage(own, ADMIN_TOKEN)).toEqual(await usage('?group_by=key,provider'))
    expect(await usage('?key_id=key_none', ADMIN_TOKEN)).toEqual({ data: [], total: nothing })
  })

  it('names keys that were revoked', async () => {
    const name = `short-lived ${crypto.randomUUID()}`
    const token = await makeKey(name)
    const { id: taskId } = await makeTask(token, { prompt: 'A leaf', provider: 'aivideoapi.ai' })
    await untilOver(token, taskId)
    const list = await (await call('/v1/keys', { token: ADMIN_TOKEN })).json<KeyListJson>()
    const id = list.data.find((each) => each.name === name)?.id
    await call(`/v1/keys/${id}`, { method: 'DELETE', token: ADMIN_TOKEN })
    const { data } = await usage('?group_by=key', ADMIN_TOKEN)
    expect(data).toContainEqual(expect.objectContaining({ key_id: id, key_name: name, images: 1 }))
  })

  it('ends where it is asked to', async () => {
    expect(await usage('?from=2026-01-01&to=2026-01-31')).toEqual({ data: [], total: nothing })
    expect((await usage(`?from=${today}&to=${today}`)).data).toHaveLength(3)
  })

  it.each([
    ['from', '?from=2026-02-30'],
    ['to', '?to=today'],
    ['from', '?from=2026-02-02&to=2026-02-01'],
    ['from', '?from=2020-01-01&to=2026-01-01'],
    ['day', '?day=2026-01-01'],
    ['group_by', '?group_by='],
    ['group_by', '?group_by=model'],
    ['group_by', '?group_by=day,day'],
    ['group_by', '?group_by=day,%20key'],
    ['key_id', '?key_id=key_1'],
  ])('names a bad %s (%s)', async (param, query) => {
    const response = await call(`/v1/usage${query}`, { token: key })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param } })
  })
})

describe('the sums of usage', () => {
  it.each([
    ['were never made', 'delete from usage'],
    ['miss what an older release wrote', 'update usage set attempts = 1, images = 1, usd = 0'],
  ])('are counted anew from the ledger where they %s', async (_, spoil) => {
    const before = await usage('?group_by=day,provider,key', ADMIN_TOKEN)
    await env.DB.prepare(spoil).run()
    expect(await usage('?group_by=day,provider,key', ADMIN_TOKEN)).not.toEqual(before)
    await recountUsage(openDatabase(env.DB), Date.parse(today))
    expect(await usage('?group_by=day,provider,key', ADMIN_TOKEN)).toEqual(before)
  })
})
