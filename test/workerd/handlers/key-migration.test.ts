/**
 * Keys of the release before the tables of hashes and secrets: none stops working, and none works on.
 *
 * That release goes on while the migration is applied and for a moment afterwards. Its statements
 * stand here as it sent them.
 */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { sha256Hex } from '../../../src/core/signature'
import { webhookSecretsOf } from '../../../src/db/rotations'
import type { NewKeyJson, RotatedKeyJson } from '../../../src/wire/key'
import { ADMIN_TOKEN, call, post, testPorts } from '../world/gateway'

const OWN = '0004_operator.sql'
const HOUR_MS = 3_600_000

/** The database as the release before left it. */
beforeEach(async () => {
  const { results } = await env.DB.prepare(
    `select name from sqlite_master
     where type = 'table' and name not glob 'sqlite_*' and name not glob '_cf_*'`,
  ).all<{ name: string }>()
  await env.DB.batch(results.map(({ name }) => env.DB.prepare(`drop table "${name}"`)))
  const own = env.MIGRATIONS.findIndex(({ name }) => name === OWN)
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, own))
})

const migrate = () => applyD1Migrations(env.DB, env.MIGRATIONS)

/** The statements of the release before. */
const before = {
  async make(id: string, key: string, secret: string): Promise<void> {
    await env.DB.prepare(
      'insert into keys (id, name, key_hash, webhook_secret, created_at) values (?, ?, ?, ?, ?)',
    )
      .bind(id, id, await sha256Hex(key), secret, Date.now())
      .run()
  },
  async rotate(id: string, key: string, until: number): Promise<void> {
    await env.DB.prepare(
      `update keys set key_hash = ?, previous_key_hash = key_hash, previous_key_until = ?
       where id = ? and revoked_at is null`,
    )
      .bind(await sha256Hex(key), until, id)
      .run()
  },
  async rotateWebhookSecret(id: string, secret: string, until: number): Promise<void> {
    await env.DB.prepare(
      `update keys set webhook_secret = ?, previous_webhook_secret = webhook_secret,
       previous_webhook_secret_until = ? where id = ? and revoked_at is null`,
    )
      .bind(secret, until, id)
      .run()
  },
  async finds(key: string): Promise<boolean> {
    const statement = `select 1 from keys where revoked_at is null and
      (key_hash = ?1 or (previous_key_hash = ?1 and previous_key_until > ?2))`
    return (
      (await env.DB.prepare(statement)
        .bind(await sha256Hex(key), Date.now())
        .first()) !== null
    )
  },
}

async function works(token: string): Promise<boolean> {
  return (await call('/v1/tasks', { token })).status === 200
}

const secretsOf = (id: string) => webhookSecretsOf(testPorts().database, id, Date.now())

async function rotate(id: string, grace_seconds: number): Promise<string> {
  const response = await post(`/v1/keys/${id}/rotate`, ADMIN_TOKEN, { grace_seconds })
  expect(response.status).toBe(200)
  return (await response.json<RotatedKeyJson>()).key
}

async function rotateSecret(id: string, grace_seconds: number): Promise<void> {
  const path = `/v1/keys/${id}/rotate_webhook_secret`
  expect((await post(path, ADMIN_TOKEN, { grace_seconds })).status).toBe(200)
}

it('keeps keys and secrets that are in their grace', async () => {
  await before.make('key_1', 'ig_first', 'whsec_first')
  await before.rotate('key_1', 'ig_second', Date.now() + HOUR_MS)
  await before.rotateWebhookSecret('key_1', 'whsec_second', Date.now() + HOUR_MS)
  await before.make('key_2', 'ig_other', 'whsec_other')
  await before.rotate('key_2', 'ig_another', Date.now() - 1)
  await migrate()
  expect(await works('ig_first')).toBe(true)
  expect(await works('ig_second')).toBe(true)
  expect(await works('ig_other')).toBe(false)
  expect(await works('ig_another')).toBe(true)

  const third = await rotate('key_1', 60)
  await rotateSecret('key_1', 60)
  for (const key of ['ig_first', 'ig_second', third]) expect(await works(key)).toBe(true)
  expect((await secretsOf('key_1')).slice(1).sort()).toEqual(['whsec_first', 'whsec_second'])
  expect(await works(await rotate('key_1', 0))).toBe(true)
  await rotateSecret('key_1', 0)
  for (const key of ['ig_first', 'ig_second', third]) expect(await works(key)).toBe(false)
  expect(await secretsOf('key_1')).toHaveLength(1)
})

it('knows what the release before makes and rotates after the migration', async () => {
  await before.make('key_1', 'ig_first', 'whsec_first')
  await migrate()
  await before.make('key_2', 'ig_late', 'whsec_late')
  expect(await works('ig_late')).toBe(true)
  expect(await secretsOf('key_2')).toEqual(['whsec_late'])
  expect(await works(await rotate('key_2', 0))).toBe(true)
  expect(await works('ig_late')).toBe(false)

  await before.rotate('key_1', 'ig_second', Date.now() + HOUR_MS)
  await before.rotateWebhookSecret('key_1', 'whsec_second', Date.now() + HOUR_MS)
  const third = await rotate('key_1', 60)
  await rotateSecret('key_1', 60)
  for (const key of ['ig_first', 'ig_second', third]) expect(await works(key)).toBe(true)
  expect((await secretsOf('key_1')).slice(1)).toEqual(['whsec_second', 'whsec_first'])
})

it('believes the release before that a key is over', async () => {
  await before.make('key_1', 'ig_first', 'whsec_first')
  await migrate()
  await before.rotate('key_1', 'ig_second', Date.now())
  await before.rotateWebhookSecret('key_1', 'whsec_second', Date.now())
  await scheduler.wait(2)
  expect(await works('ig_first')).toBe(false)
  expect(await secretsOf('key_1')).toEqual(['whsec_second'])
  expect(await works(await rotate('key_1', 3600))).toBe(true)
  await rotateSecret('key_1', 3600)
  expect(await works('ig_second')).toBe(true)
  expect(await works('ig_first')).toBe(false)
  expect(await secretsOf('key_1')).not.toContain('whsec_first')
})

it('is understood by the release before', async () => {
  await migrate()
  const made = await (await post('/v1/keys', ADMIN_TOKEN, { name: 'new' })).json<NewKeyJson>()
  const second = await rotate(made.id, 3600)
  expect(await before.finds(made.key)).toBe(true)
  expect(await before.finds(second)).toBe(true)
  const third = await rotate(made.id, 0)
  expect(await before.finds(second)).toBe(false)
  expect(await before.finds(third)).toBe(true)
})
