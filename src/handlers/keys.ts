/** `/v1/keys`: the operator makes, lists, rotates and revokes client keys. */
import * as z from 'zod'
import { encodeBase64, encodeBase64Url, sha256Hex } from '../core/signature'
import { dayOf } from '../core/spending'
import { isoTime } from '../core/time'
import {
  insertKey,
  type Key,
  listKeys as loadKeys,
  rotateKey as replaceKey,
  rotateWebhookSecret as replaceWebhookSecret,
  revokeKey,
} from '../db/keys'
import {
  type KeyJson,
  keyListSchema,
  keyRequestSchema,
  newKeyAnswerSchema,
  rotatedKeySchema,
  rotatedWebhookSecretSchema,
  rotationSchema,
} from '../wire/key'
import { empty, json } from './endpoint/answer'
import { jsonBody } from './endpoint/body'
import { endpoint } from './endpoint/endpoint'
import { ApiError } from './errors'
import { CREATED_AT, TOMORROW } from './tasks/examples'

export const KEY_ID = 'key_01a1fc38b1c07c3f9a54d1f6a1b2c3d4'
export const CLIENT_KEY = 'ig_J2xkPwKNYxQpXAJ0uWl4RcBv9GmT2hZfLeOi7sHyVqE'
const WEBHOOK_SECRET = 'whsec_gt0qpfpcPze4ZaOF9cmk56dWDsrIEKPDtamuD7aYa8A='
const SECRET_BYTES = 32

const key: KeyJson = {
  id: KEY_ID,
  name: 'shop',
  created_at: CREATED_AT,
  last_used_at: null,
  rate_limit_per_minute: 60,
  daily_usd_limit: 20,
  total_usd_limit: null,
  daily_usd: 0,
  total_usd: 0,
}

const params = z.object({
  id: z.string().meta({ description: 'The id of the key.', examples: [KEY_ID] }),
})

export const createKey = endpoint({
  id: 'createKey',
  method: 'post',
  path: '/v1/keys',
  tag: 'Keys',
  summary: 'Make a key',
  description: 'The key and its webhook secret are shown this once; keep them.',
  access: 'admin',
  body: jsonBody(keyRequestSchema),
  answers: {
    201: json(newKeyAnswerSchema, 'The key with its secrets.', {
      ...key,
      key: CLIENT_KEY,
      webhook_secret: WEBHOOK_SECRET,
    }),
  },
  examples: [
    { title: 'Make', body: { name: 'shop', rate_limit_per_minute: 60, daily_usd_limit: 20 } },
    { title: 'Without limits', body: { name: 'shop' } },
  ],
}).handle(async ({ ports: { database, newId, now }, body }) => {
  const secret = newKey()
  const made = await insertKey(database, {
    id: newId('key'),
    name: body.name,
    keyHash: await sha256Hex(secret),
    webhookSecret: newWebhookSecret(),
    createdAt: now(),
    rateLimitPerMinute: body.rate_limit_per_minute ?? null,
    dailyUsdLimit: body.daily_usd_limit ?? null,
    totalUsdLimit: body.total_usd_limit ?? null,
  })
  // Shown this once: only a hash of the key is stored.
  const shownOnce = { key: secret, webhook_secret: made.webhookSecret }
  return { status: 201, body: { ...keyJson(made, now()), ...shownOnce } }
})

export const listKeys = endpoint({
  id: 'listKeys',
  method: 'get',
  path: '/v1/keys',
  tag: 'Keys',
  summary: 'List keys',
  description: 'Newest first, without the keys themselves.',
  access: 'admin',
  answers: { 200: json(keyListSchema, 'The keys that work.', { data: [key] }) },
}).handle(async ({ ports: { database, now } }) => {
  const list = await loadKeys(database)
  return { status: 200, body: { data: list.map((each) => keyJson(each, now())) } }
})

export const rotateKey = endpoint({
  id: 'rotateKey',
  method: 'post',
  path: '/v1/keys/{id}/rotate',
  tag: 'Keys',
  summary: 'Rotate a key',
  description:
    'Answers with a new key. The old one still works for `grace_seconds`, until `previous_until`.',
  access: 'admin',
  params,
  body: jsonBody(rotationSchema, false),
  answers: {
    200: json(rotatedKeySchema, 'The new key, shown this once.', {
      ...key,
      key: CLIENT_KEY,
      previous_until: TOMORROW,
    }),
  },
  errors: ['not_found'],
  examples: [{ title: 'Rotate', body: { grace_seconds: 3600 } }],
}).handle(async ({ ports: { database, now }, params: { id }, body }) => {
  const until = now() + body.grace_seconds * 1000
  const secret = newKey()
  const rotated = await replaceKey(database, id, await sha256Hex(secret), until)
  if (!rotated) return keyNotFound()
  const shownOnce = { key: secret, previous_until: isoTime(until) }
  return { status: 200, body: { ...keyJson(rotated, now()), ...shownOnce } }
})

export const rotateWebhookSecret = endpoint({
  id: 'rotateWebhookSecret',
  method: 'post',
  path: '/v1/keys/{id}/rotate_webhook_secret',
  tag: 'Keys',
  summary: 'Rotate a webhook secret',
  description: 'For `grace_seconds` webhooks are signed with the old and the new secret.',
  access: 'admin',
  params,
  body: jsonBody(rotationSchema, false),
  answers: {
    200: json(rotatedWebhookSecretSchema, 'The new secret, shown this once.', {
      ...key,
      webhook_secret: WEBHOOK_SECRET,
      previous_until: TOMORROW,
    }),
  },
  errors: ['not_found'],
}).handle(async ({ ports: { database, now }, params: { id }, body }) => {
  const until = now() + body.grace_seconds * 1000
  const secret = newWebhookSecret()
  const rotated = await replaceWebhookSecret(database, id, secret, until)
  if (!rotated) return keyNotFound()
  const shownOnce = { webhook_secret: secret, previous_until: isoTime(until) }
  return { status: 200, body: { ...keyJson(rotated, now()), ...shownOnce } }
})

export const deleteKey = endpoint({
  id: 'deleteKey',
  method: 'delete',
  path: '/v1/keys/{id}',
  tag: 'Keys',
  summary: 'Revoke a key',
  description: 'It stops working at once. Its tasks go on.',
  access: 'admin',
  params,
  answers: { 204: empty('It is revoked.') },
  errors: ['not_found'],
}).handle(async ({ ports: { database, now }, params: { id } }) =>
  (await revokeKey(database, id, now())) ? { status: 204 } : keyNotFound(),
)

function keyJson(row: Key, now: number): KeyJson {
  return {
    id: row.id,
    name: row.name,
    created_at: isoTime(row.createdAt),
    last_used_at: isoTime(row.lastUsedAt),
    rate_limit_per_minute: row.rateLimitPerMinute,
    daily_usd_limit: row.dailyUsdLimit,
    total_usd_limit: row.totalUsdLimit,
    // Counted only under a spend limit.
    daily_usd: row.day === dayOf(now) ? row.dayUsd : 0,
    total_usd: row.totalUsd,
  }
}

function keyNotFound(): ApiError<'not_found'> {
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
