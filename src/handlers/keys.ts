/** `/v1/keys`: the operator makes, lists, rotates and revokes client keys. */
import { Hono } from 'hono'
import * as z from 'zod'
import { encodeBase64, encodeBase64Url, sha256Hex } from '../core/signature'
import { dayOf } from '../core/spending'
import { isoTime } from '../core/time'
import {
  insertKey,
  type Key,
  listKeys,
  revokeKey,
  rotateKey,
  rotateWebhookSecret,
} from '../db/keys'
import type {
  KeyJson,
  KeyListJson,
  NewKeyJson,
  RotatedKeyJson,
  RotatedWebhookSecretJson,
} from '../wire/key'
import { authenticateAdmin } from './auth'
import { readJson, readOptionalJson } from './body'
import type { AppContext, AppEnv } from './context'
import { ApiError } from './errors'

const SECRET_BYTES = 32
const GRACE_SECONDS_DEFAULT = 86_400
const GRACE_SECONDS_MAX = 30 * 86_400
const USD_MAX = 1_000_000

const usdSchema = z.number().positive().max(USD_MAX)
export const newKeySchema = z.strictObject({
  name: z
    .string()
    .min(1, 'must not be empty')
    .max(200)
    .refine((name) => name.trim() !== '', 'must not be empty')
    .describe('For your own eyes.'),
  rate_limit_per_minute: z
    .int()
    .min(1)
    .max(100_000)
    .describe('Tasks it may make in a minute; without it, as many as it likes.')
    .optional(),
  daily_usd_limit: usdSchema.describe('Dollars it may spend on a day in UTC.').optional(),
  total_usd_limit: usdSchema.describe('Dollars it may spend altogether.').optional(),
})
export const rotationSchema = z.strictObject({
  grace_seconds: z
    .int()
    .min(0)
    .max(GRACE_SECONDS_MAX)
    .default(GRACE_SECONDS_DEFAULT)
    .describe('How long the replaced one works on; 0 ends it at once.'),
})

export const keys = new Hono<AppEnv>()

keys.use(async (c, next) => {
  await authenticateAdmin(c)
  await next()
})

keys.post('/', async (c) => {
  const { database, newId, now } = c.get('ports')
  const wanted = await readJson(c, newKeySchema)
  const secret = newKey()
  const key = await insertKey(database, {
    id: newId('key'),
    name: wanted.name,
    keyHash: await sha256Hex(secret),
    webhookSecret: newWebhookSecret(),
    createdAt: now(),
    rateLimitPerMinute: wanted.rate_limit_per_minute ?? null,
    dailyUsdLimit: wanted.daily_usd_limit ?? null,
    totalUsdLimit: wanted.total_usd_limit ?? null,
  })
  // Shown this once: only a hash of the key is stored.
  const shownOnce = { key: secret, webhook_secret: key.webhookSecret }
  return c.json({ ...keyJson(key, now()), ...shownOnce } satisfies NewKeyJson, 201)
})

keys.get('/', async (c) => {
  const { database, now } = c.get('ports')
  const list = await listKeys(database)
  return c.json({ data: list.map((key) => keyJson(key, now())) } satisfies KeyListJson)
})

keys.post('/:id/rotate', async (c) => {
  const { database, now } = c.get('ports')
  const previousUntil = await readPreviousUntil(c)
  const secret = newKey()
  const key = await rotateKey(database, c.req.param('id'), await sha256Hex(secret), previousUntil)
  if (!key) throw keyNotFound()
  const rotated = { key: secret, previous_until: isoTime(previousUntil) }
  return c.json({ ...keyJson(key, now()), ...rotated } satisfies RotatedKeyJson)
})

keys.post('/:id/rotate_webhook_secret', async (c) => {
  const { database, now } = c.get('ports')
  const previousUntil = await readPreviousUntil(c)
  const secret = newWebhookSecret()
  const key = await rotateWebhookSecret(database, c.req.param('id'), secret, previousUntil)
  if (!key) throw keyNotFound()
  const rotated = { webhook_secret: secret, previous_until: isoTime(previousUntil) }
  return c.json({ ...keyJson(key, now()), ...rotated } satisfies RotatedWebhookSecretJson)
})

keys.delete('/:id', async (c) => {
  const { database, now } = c.get('ports')
  if (await revokeKey(database, c.req.param('id'), now())) return c.body(null, 204)
  throw keyNotFound()
})

function keyJson(key: Key, now: number): KeyJson {
  return {
    id: key.id,
    name: key.name,
    created_at: isoTime(key.createdAt),
    last_used_at: isoTime(key.lastUsedAt),
    rate_limit_per_minute: key.rateLimitPerMinute,
    daily_usd_limit: key.dailyUsdLimit,
    total_usd_limit: key.totalUsdLimit,
    // Counted only under a spend limit.
    daily_usd: key.day === dayOf(now) ? key.dayUsd : 0,
    total_usd: key.totalUsd,
  }
}

/** When what is replaced now stops working. */
async function readPreviousUntil(c: AppContext): Promise<number> {
  const { grace_seconds } = await readOptionalJson(c, rotationSchema)
  return c.get('ports').now() + grace_seconds * 1000
}

function keyNotFound(): ApiError {
  return new ApiError('not_found', 'There is no such key.')
}

function newKey(): string {
  return `ig_${encodeBase64Url(randomBytes())}`
}

function newWebhookSecret(): string {
  return `whsec_${encodeBase64(randomBytes())}`
}

function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
}
