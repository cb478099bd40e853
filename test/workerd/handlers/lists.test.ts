/** Lists of tasks: complete, filtered, and one key's own. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { TaskJson, TaskListJson } from '../../../src/wire/task'
import { ADMIN_TOKEN, call, makeKey, makeTask, runTask, untilOver } from '../world/gateway'
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
