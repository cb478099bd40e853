/** What usage reads beside a large ledger: its sums, and for one key its own. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/database'
import { recountUsage, sumUsage, USAGE_GROUPS, type UsageQuery } from '../../../src/db/usage'

const TASKS = 100_000
const DAY_MS = 24 * 60 * 60_000
const NOW = Date.parse('2026-11-21T12:00:00Z')
/** One every 26 seconds. */
const SEEDED_DAYS = 30
const TASKS_A_DAY = TASKS / SEEDED_DAYS
const KEYS = 10
/** A sum and its place in the groups, for what was charged and what may have been, and each key. */
const ROWS_A_SUM = 6
/** A key, and the look for its sums. */
const ROWS_A_KEY = 2
/** What grouping an empty range counts. */
const ROWS_OF_NOTHING = 3

beforeAll(async () => {
  const numbers = `with recursive numbers (n) as (select 0 union all select n + 1 from numbers
    where n + 1 < ${TASKS})`
  const at = `${NOW - SEEDED_DAYS * DAY_MS} + n * ${(SEEDED_DAYS * DAY_MS) / TASKS}`
  const id = (prefix: string) =>
    `'${prefix}_' || printf('%012x', ${at}) || '7000800000000000' || printf('%04x', n % 65536)`
  await env.DB.batch([
    env.DB.prepare(`${numbers} insert into keys (id, name, key_hash, webhook_secret, created_at)
      select 'key_' || n, n, n, n, ${NOW} from numbers where n < ${KEYS}`),
    env.DB.prepare(`${numbers} insert into tasks (id, key_id, status, version, request, candidates,
      created_at, deadline_at, completed_at, due_interval_ms)
      select ${id('task')}, 'key_' || (n % ${KEYS}), 'succeeded', 3, '{}', '[]', ${at}, ${at} + 900000,
      ${at} + 5000, 60000 from numbers`),
    env.DB.prepare(`${numbers} insert into attempts (id, task_id, provider, model, candidate, indexes,
      status, awaits_callback, misses, credits, usd, charged, started_at, lease_until, ended_at)
      select ${id('att')}, ${id('task')}, 'aivideoapi.ai', 'gpt-image-2', 0, '[0]', 'succeeded', 0,
      0, 4.7, 0.0235, case when n % 1000 = 0 then 'unknown' else 'yes' end, ${at}, ${at} + 150000,
      ${at} + 5000 from numbers`),
  ])
  await recountUsage(openDatabase(env.DB), NOW - (SEEDED_DAYS + 1) * DAY_MS)
}, 120_000)

async function read(wishes: Partial<UsageQuery>): Promise<{ rows: number; images: number }> {
  let rows = 0
  const counting = new Proxy(env.DB, {
    get: (database, name) =>
      name === 'prepare'
        ? (sql: string) => counted(database.prepare(sql), (count) => (rows += count))
        : Reflect.get(database, name),
  })
  const query = { startsAt: NOW - DAY_MS, endsAt: NOW, keyId: null, groups: new Set(USAGE_GROUPS) }
  const found = await sumUsage(openDatabase(counting), { ...query, ...wishes })
  return { rows, images: found.reduce((sum, { images }) => sum + images, 0) }
}

/** A statement that tells how many rows it read. */
function counted(
  statement: D1PreparedStatement,
  tell: (rows: number) => void,
): D1PreparedStatement {
  return new Proxy(statement, {
    get: (target, name) => {
      if (name === 'bind') {
        return (...values: unknown[]) => counted(target.bind(...values), tell)
      }
      if (name !== 'raw') return Reflect.get(target, name)
      return async () => {
        const { results, meta } = await target.all<Record<string, unknown>>()
        tell(meta.rows_read)
        return results.map((row) => Object.values(row))
      }
    },
  })
}

it('reads the sums of every key, whatever stands behind them', async () => {
  const { rows, images } = await read({ startsAt: NOW - 30 * DAY_MS, endsAt: NOW + DAY_MS })
  expect(images).toBeGreaterThan(TASKS * 0.99)
  expect(rows).toBeLessThanOrEqual((SEEDED_DAYS + 1) * KEYS * ROWS_A_SUM)
})

it('reads a day, and nothing before', async () => {
  const { rows, images } = await read({})
  expect(images).toBeGreaterThan(TASKS_A_DAY * 0.99)
  expect(rows).toBeLessThanOrEqual(KEYS * ROWS_A_SUM)
})

it("reads one key's own sums", async () => {
  const { rows, images } = await read({ keyId: 'key_7' })
  expect(images).toBeGreaterThan((TASKS_A_DAY / KEYS) * 0.99)
  expect(rows).toBeLessThanOrEqual(ROWS_A_SUM)
})

it('reads nothing of others for a key without tasks', async () => {
  const { rows } = await read({ keyId: 'key_none', startsAt: NOW - 365 * DAY_MS })
  expect(rows).toBeLessThanOrEqual(ROWS_OF_NOTHING)
})

it('reads the keys and nothing else where nothing was made', async () => {
  const { rows } = await read({ startsAt: NOW + DAY_MS, endsAt: NOW + 2 * DAY_MS })
  expect(rows).toBeLessThanOrEqual(ROWS_OF_NOTHING + KEYS * ROWS_A_KEY)
})
