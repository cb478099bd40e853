/** Lists of tasks and sums of usage: complete, filtered, and one key's own. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TaskJson, TaskListJson } from '../../../src/wire/task'
import type { UsageListJson } from '../../../src/wire/usage'
import {
  ADMIN_TOKEN,
  backdate,
  call,
  makeKey,
  makeTask,
  runTask,
  until,
  untilOver,
} from '../world/gateway'

let key: string
/** Oldest first. */
let made: string[]
const today = new Date().toISOString().slice(0, 10)

beforeAll(async () => {
  key = await makeKey('lists')
  const requests = [
    { prompt: 'One', provider: 'nanobananaapi.dev', metadata: { order: '17', shop: 'a' } },
    { prompt: 'Two [[submit=400]]', provider: 'gptimage2.ai', metadata: { order: '18' } },
    { prompt: 'Three [[answer=500]]', provider: 'gptimage2.ai', metadata: { order: '17' } },
    { prompt: 'Four', provider: 'aivideoapi.ai', n: 2 },
    { prompt: 'Five [[finish=fail]]', provider: 'gptimage2.ai' },
  ]
  made = []
  for (const request of requests) made.push((await makeTask(key, request)).id)
  await Promise.all(made.map((id) => untilOver(key, id)))
}, 60_000)

async function list(query: string, token = key): Promise<TaskListJson> {
  const response = await call(`/v1/tasks${query}`, { token })
  expect(response.status).toBe(200)
  return response.json()
}

const ids = ({ data }: TaskListJson) => data.map(({ id }) => id)
const named = (...positions: number[]) => positions.map((position) => made[position - 1])

describe('the list of tasks', () => {
  it('is newest first and the same as reading each', async () => {
    const page = await list('')
    expect(ids(page)).toEqual(named(5, 4, 3, 2, 1))
    expect(page.next_cursor).toBeNull()
    const single = await (await call(`/v1/tasks/${made[3]}`, { token: key })).json<TaskJson>()
    const listed = page.data[1]
    expect(listed?.attempts).toEqual(single.attempts)
    expect(listed?.outputs.map(({ sha256 }) => sha256)).toEqual(
      single.outputs.map(({ sha256 }) => sha256),
    )
  })

  it('comes in pages', async () => {
    const first = await list('?limit=2')
    expect(ids(first)).toEqual(named(5, 4))
    const second = await list(`?limit=2&cursor=${first.next_cursor}`)
    expect(ids(second)).toEqual(named(3, 2))
    const third = await list(`?limit=2&cursor=${second.next_cursor}`)
    expect(ids(third)).toEqual(named(1))
    expect(third.next_cursor).toBeNull()
  })

  it.each([
    ['status=succeeded', [4, 1]],
    ['status=failed&error=submit_outcome_unknown', [3]],
    ['provider=gptimage2.ai', [5, 3, 2]],
    ['status=failed&charged=unknown', [3]],
    ['charged=no', [5, 2]],
    ['metadata[order]=17', [3, 1]],
    ['metadata[order]=17&metadata[shop]=a', [1]],
    ["metadata[order']=17", []],
    [`created_after=${today}`, [5, 4, 3, 2, 1]],
    [`created_before=${today}`, []],
    ['created_after=2026-01-01T00:00:00%2B02:00&status=canceled', []],
  ])('is filtered by %s', async (query, expected) => {
    expect(ids(await list(`?${query}`))).toEqual(named(...expected))
  })

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=101'],
    ['limit', 'limit=ten'],
    ['status', 'status=done'],
    ['error', 'error=oops'],
    ['provider', 'provider=example.com'],
    ['charged', 'charged=maybe'],
    ['cursor', 'cursor=abc'],
    ['created_after', 'created_after=yesterday'],
    ['colour', 'colour=red'],
    ['status', 'status=failed&status=succeeded'],
    ['metadata[a]', 'metadata[a]=1&metadata[a]=2'],
    ['metadata', Array.from({ length: 11 }, (_, index) => `metadata[k${index}]=v`).join('&')],
  ])('names a bad %s (%s)', async (param, query) => {
    const response = await call(`/v1/tasks?${query}`, { token: key })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', param } })
  })

  it("is a key's own, and whole for the operator", async () => {
    const other = await makeKey('other')
    expect(ids(await list('', other))).toEqual([])
    await runTask(other, { prompt: 'Six', provider: 'nanobananaapi.dev' })
    expect(ids(await list(''))).toEqual(named(5, 4, 3, 2, 1))
    expect(ids(await list('?limit=100', ADMIN_TOKEN))).toEqual(expect.arrayContaining(made))
  })

  it('has fewer on a page where they are large', async () => {
    const large = await makeKey('large')
    const metadata = { novel: 'x'.repeat(1_000_000) }
    const made: string[] = []
    for (let number = 0; number < 6; number++) {
      const prompt = 'A shelf [[delay=60]]'
      made.unshift((await makeTask(large, { prompt, provider: 'gptimage2.ai', metadata })).id)
    }
    const first = await list('?limit=100', large)
    expect(ids(first)).toEqual(made.slice(0, 4))
    const second = await list(`?limit=100&cursor=${first.next_cursor}`, large)
    expect(ids(second)).toEqual(made.slice(4))
    expect(second.next_cursor).toBeNull()
  })
})

describe('usage', () => {
  const usage = async (query = '', token = key) => {
    const response = await call(`/v1/usage${query}`, { token })
    expect(response.status).toBe(200)
    return (await response.json<UsageListJson>()).data
  }

  it('adds up by provider and day, and counts what nobody knows', async () => {
    expect(await usage()).toEqual([
      { provider: 'aivideoapi.ai', day: today, images: 2, credits: 9.4, usd: 0.047, unknown: 0 },
      { provider: 'gptimage2.ai', day: today, images: 0, credits: null, usd: null, unknown: 1 },
      {
        provider: 'nanobananaapi.dev',
        day: today,
        images: 1,
        credits: expect.any(Number),
        usd: null,
        unknown: 0,
      },
    ])
  })

  it('counts the open attempt of a task that its deadline ended', async () => {
    const other = await makeKey('other')
    const body = { prompt: 'A vigil [[delay=60]]', provider: 'gptimage2.ai' }
    const { id } = await makeTask(other, body)
    await until(other, id, ({ attempts }) => attempts[0]?.status === 'running')
    expect(await usage('', other)).toEqual([])
    await backdate(id, 'deadline_at')
    await untilOver(other, id)
    expect(await usage('', other)).toMatchObject([{ images: 0, unknown: 1 }])
  })

  it('is the sum of the ledger', async () => {
    const rows = await usage('', ADMIN_TOKEN)
    const ledger = await env.DB.prepare(
      "select sum(credits) as credits from attempts where charged = 'yes'",
    ).first<{ credits: number }>()
    const total = rows.reduce((sum, { credits }) => sum + (credits ?? 0), 0)
    expect(total).toBeCloseTo(ledger?.credits ?? Number.NaN, 6)
    expect(rows.every((row) => row.key_id?.startsWith('key_'))).toBe(true)
  })

  it('ends where it is asked to', async () => {
    expect(await usage('?from=2026-01-01&to=2026-01-31')).toEqual([])
    expect(await usage(`?from=${today}&to=${today}`)).toHaveLength(3)
  })

  it.each([
    ['from', '?from=2026-02-30'],
    ['to', '?to=today'],
    ['from', '?from=2026-02-02&to=2026-02-01'],
    ['from', '?from=2020-01-01&to=2026-01-01'],
    ['day', '?day=2026-01-01'],
  ])('names a bad %s (%s)', async (param, query) => {
    const response = await call(`/v1/usage${query}`, { token: key })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param } })
  })
})
