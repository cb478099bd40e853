/** `/v1/keys`: the operator makes, lists, rotates and revokes client keys. */
import * as z from 'zod'
import { encodeBase64, encodeBase64Url, sha256Hex } from '../core/signature'
import { dayOf, hasSpendLimit } from '../core/spending'
import { isoTime } from '../core/time'
import {
  insertKey,
  type Key,
  listKeys as loadKeys,
  revokeKey,
  updateKey as saveKey,
} from '../db/keys'
import {
  type Grace,
  rotateKey as replaceKey,
  rotateWebhookSecret as replaceWebhookSecret,
} from '../db/rotations'
import {
  type KeyJson,
  keyChangesSchema,
  keyListSchema,
  keyRequestSchema,
  keySchema,
  newKeyAnswerSchema,
  rotatedKeySchema,
  rotatedWebhookSecretSchema,
  rotationSchema,
} from '../wire/key'
import { empty, json } from './endpoint/answer'
import { jsonBody, patchBody } from './endpoint/body'
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

export const updateKey = endpoint({
  id: 'updateKey',
  method: 'patch',
  path: '/v1/keys/{id}',
  tag: 'Keys',
  summary: 'Change a key',
  description:
    'Changes the name and the limits that are given; `null` lifts a limit. It holds from the next task on. What the key spent while it had no spend limit does not count against a new one.',
  access: 'admin',
  params,
  body: patchBody(keyChangesSchema),
  answers: { 200: json(keySchema, 'The key as it is now.', { ...key, daily_usd_limit: 50 }) },
  errors: ['not_found'],
  examples: [
    { title: 'Raise a limit', body: { daily_usd_limit: 50 } },
    { title: 'Lift a limit', body: { rate_limit_per_minute: null } },
  ],
}).handle(async ({ ports: { database, now }, params: { id }, body }) => {
  const changed = await saveKey(database, id, {
    name: body.name,
    rateLimitPerMinute: body.rate_limit_per_minute,
    dailyUsdLimit: body.daily_usd_limit,
    totalUsdLimit: body.total_usd_limit,
  })
  return changed ? { status: 200, body: keyJson(changed, now()) } : keyNotFound()
})

export const rotateKey = endpoint({
  id: 'rotateKey',
  method: 'post',
  path: '/v1/keys/{id}/rotate',
  tag: 'Keys',
  summary: 'Rotate a key',
  description:
    'Answers with a new key. The old one still works for `grace_seconds`, until `previous_until`. One that an earlier rotation replaced works until its own time is up, but `grace_seconds` of 0 ends all of them at once.',
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
  const grace = graceOf(now(), body.grace_seconds)
  const secret = newKey()
  const rotated = await replaceKey(database, id, await sha256Hex(secret), grace)
  if (!rotated) return keyNotFound()
  const shownOnce = { key: secret, previous_until: isoTime(grace.endsAt) }
  return { status: 200, body: { ...keyJson(rotated, now()), ...shownOnce } }
})

export const rotateWebhookSecret = endpoint({
  id: 'rotateWebhookSecret',
  method: 'post',
  path: '/v1/keys/{id}/rotate_webhook_secret',
  tag: 'Keys',
  summary: 'Rotate a webhook secret',
  description:
    'For `grace_seconds` webhooks are signed with the old and the new secret, and with those of earlier rotations until their own time is up. `grace_seconds` of 0 ends all older ones at once.',
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
  const grace = graceOf(now(), body.grace_seconds)
  const secret = newWebhookSecret()
  const rotated = await replaceWebhookSecret(database, id, secret, grace)
  if (!rotated) return keyNotFound()
  const shownOnce = { webhook_secret: secret, previous_until: isoTime(grace.endsAt) }
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

function graceOf(startsAt: number, seconds: number): Grace {
  return { startsAt, endsAt: startsAt + seconds * 1000 }
}

function keyJson(row: Key, now: number): KeyJson {
  const spentToday = row.day === dayOf(now) ? row.dayUsd : 0
  const isCounted = hasSpendLimit(row)
  return {
    id: row.id,
    name: row.name,
    created_at: isoTime(row.createdAt),
    last_used_at: isoTime(row.lastUsedAt),
    rate_limit_per_minute: row.rateLimitPerMinute,
    daily_usd_limit: row.dailyUsdLimit,
    total_usd_limit: row.totalUsdLimit,
    daily_usd: isCounted ? spentToday : null,
    total_usd: isCounted ? row.totalUsd : null,
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
