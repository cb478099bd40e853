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
import { lastKeyId } from '../world/rows'

let key: string
/** Oldest first. */
let made: string[]
const today = new Date().toISOString().slice(0, 10)
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

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

it('finds words in other letters, and in capitals', async () => {
  const other = await makeKey('words')
  const prompt = 'ÄPFEL und Über-Birnen [[submit=400]]'
  const { id } = await makeTask(other, { prompt, provider: 'gptimage2.ai' })
  for (const q of ['äpfel', 'ÜBER-birnen', 'und Äpfel'])
    expect(ids(await list(`?q=${encodeURIComponent(q)}`, other))).toEqual([id])
})

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
    ['q=two', [2]],
    ['q=FAIL%20five', [5]],
    ['q=five%20six', []],
    ['q=%25', []],
    ['q=', [5, 4, 3, 2, 1]],
    [`created_after=${tomorrow}`, []],
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
    ['q', `q=${'a+'.repeat(9)}`],
    ['q', `q=${'a'.repeat(201)}`],
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
    const provider_options = { 'aivideoapi.ai': { note: 'x'.repeat(64_000) } }
    const image_urls = Array.from(
      { length: 16 },
      (_, index) => `https://references.example.com/${index}?${'x'.repeat(8_000)}`,
    )
    const body = {
      prompt: '[[delay=60]]',
      provider_options,
      image_urls,
      provider: 'aivideoapi.ai',
    }
    const made: string[] = []
    for (let number = 0; number < 25; number++) made.unshift((await makeTask(large, body)).id)
    const first = await list('?limit=100', large)
    expect(first.data.length).toBeLessThan(25)
    const second = await list(`?limit=100&cursor=${first.next_cursor}`, large)
    expect([...ids(first), ...ids(second)]).toEqual(made)
    expect(second.next_cursor).toBeNull()
  })

  it("is one key's for the operator who asks for it", async () => {
    const keyId = await lastKeyId()
    const page = await list(`?key_id=${keyId}&limit=100`, ADMIN_TOKEN)
    expect(page.data.length).toBeGreaterThan(0)
    expect(new Set(page.data.map(({ key_id }) => key_id))).toEqual(new Set([keyId]))
    expect((await list('')).data[0]).not.toHaveProperty('key_id')
    const refused = await call(`/v1/tasks?key_id=${keyId}`, { token: key })
    expect(await refused.json()).toMatchObject({ error: { param: 'key_id' } })
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
