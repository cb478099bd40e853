/**
 * Attempts of the release before, whose ids did not tell their task: they are found all the same, and
 * the migration that keeps everything by its task's id loses nothing.
 */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { callbackUrl } from '../../../src/flow/callback-url'
import type { TaskJson } from '../../../src/wire/task'
import {
  ADMIN_TOKEN,
  backdate,
  deliver,
  makeKey,
  makeTask,
  paidJobs,
  post,
  readTask,
  runTask,
  testPorts,
  uniquePrompt,
  until,
  untilOver,
} from '../world/gateway'
import { attemptsOf } from '../world/rows'

const MIGRATION = '0008_keyed_by_task.sql'
const TABLES = ['tasks', 'attempts', 'outputs', 'deliveries']

/** As the release before made it. */
async function withOldId({ id: taskId }: Pick<TaskJson, 'id'>): Promise<string> {
  const id = `att_${crypto.randomUUID().replaceAll('-', '')}`
  await env.DB.prepare('update attempts set id = ? where task_id = ?').bind(id, taskId).run()
  return id
}

it('is found by its callback', async () => {
  const key = await makeKey()
  const prompt = uniquePrompt('An old hand [[answer=500]]')
  const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
  await until(key, id, ({ attempts }) => attempts[0]?.status === 'unknown', { callbacks: false })
  const [job] = await paidJobs(prompt)
  const body = JSON.stringify({ id: job?.id, status: 'completed' })
  const attempt = await withOldId({ id })
  const url = await callbackUrl(testPorts().settings, 'aivideoapi.ai', attempt)
  const other = await callbackUrl(testPorts().settings, 'aivideoapi.ai', attempt.replace(/.$/, 'x'))
  expect((await deliver({ url: other, body })).status).toBe(404)
  expect((await deliver({ url, body })).status).toBe(200)
  expect((await attemptsOf(id))[0]?.hint).toBe(job?.id)
})

it('can have its charge settled', async () => {
  const key = await makeKey()
  const prompt = 'An old coin [[answer=500 callback=none]]'
  const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
  await until(key, id, ({ attempts }) => attempts[0]?.status === 'unknown')
  await backdate(id, 'deadline_at')
  await untilOver(key, id)
  const attempt = await withOldId({ id })
  const path = `/v1/attempts/${attempt}/charge`
  expect((await post(path, ADMIN_TOKEN, { charged: 'yes' })).status).toBe(200)
  expect((await readTask(key, id)).cost.charged).toBe('yes')
  expect((await post(path, ADMIN_TOKEN, { charged: 'yes' })).status).toBe(409)
})

it('is kept by the migration with all that belongs to its task', async () => {
  const key = await makeKey()
  const callback_url = 'https://client.example.com/ok/migrated'
  for (const provider of ['aivideoapi.ai', 'nanobananaapi.dev']) {
    await runTask(key, { prompt: 'A removal', provider, callback_url })
  }
  const rows = await contents()
  for (const table of TABLES) expect(rows[table]?.length).toBeGreaterThan(1)
  await env.DB.batch(TABLES.map((table) => env.DB.prepare(`drop table ${table}`)))
  const position = env.MIGRATIONS.findIndex(({ name }) => name === MIGRATION)
  await env.DB.prepare('delete from d1_migrations where name >= ?').bind(MIGRATION).run()
  await createAsBefore(position)
  for (const table of TABLES) await insert(table, rows[table] ?? [])

  await applyD1Migrations(env.DB, env.MIGRATIONS)
  expect(await contents()).toEqual(rows)
  const { results } = await env.DB.prepare(
    `select name from sqlite_master where type = 'table' and sql like '%WITHOUT ROWID'`,
  ).all<{ name: string }>()
  expect(results.map(({ name }) => name)).toEqual(expect.arrayContaining(TABLES))
})

type Rows = Record<string, Array<Record<string, unknown>>>

async function contents(): Promise<Rows> {
  const order = '1, 2'
  const found = await env.DB.batch<Record<string, unknown>>(
    TABLES.map((table) => env.DB.prepare(`select * from ${table} order by ${order}`)),
  )
  return Object.fromEntries(found.map(({ results }, at) => [TABLES[at], results]))
}

/** The tables as the migrations before made them, in a database that has the others. */
async function createAsBefore(end: number): Promise<void> {
  const statements = env.MIGRATIONS.slice(0, end)
    .flatMap(({ queries }) => queries)
    .filter((query) => TABLES.some((table) => concerns(query, table)))
  for (const statement of statements) await env.DB.prepare(statement).run()
}

function concerns(query: string, table: string): boolean {
  const text = query.replaceAll(/^--.*$/gm, '').trim()
  return new RegExp(
    `^(create table|create (unique )?index .* on|alter table) \`${table}\``,
    'i',
  ).test(text)
}

async function insert(table: string, rows: Rows[string]): Promise<void> {
  for (const row of rows) {
    const names = Object.keys(row)
    const columns = names.map((name) => `"${name}"`).join(', ')
    const places = names.map(() => '?').join(', ')
    await env.DB.prepare(`insert into ${table} (${columns}) values (${places})`)
      .bind(...Object.values(row))
      .run()
  }
}
