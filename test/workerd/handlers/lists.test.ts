/** Lists of tasks: complete, filtered, and one key's own. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { TaskJson, TaskListJson } from '../../../src/wire/task'
import { ADMIN_TOKEN, call, makeKey, makeTask, runTask, untilOver } from '../world/gateway'

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
