/** `/v1/keys`: the operator makes, lists, changes and revokes client keys. */
import { sha256Hex } from '../../core/signature'
import { insertKey, listKeys as loadKeys, revokeKey, updateKey as saveKey } from '../../db/keys'
import {
  keyChangesSchema,
  keyListSchema,
  keyRequestSchema,
  keySchema,
  newKeyAnswerSchema,
} from '../../wire/key'
import { empty, json } from '../endpoint/answer'
import { jsonBody, patchBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import {
  CLIENT_KEY,
  key,
  keyJson,
  keyNotFound,
  keyParams,
  newKey,
  newWebhookSecret,
  WEBHOOK_SECRET,
} from './key'

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
    { title: 'For an agent', body: { name: 'agent', daily_usd_limit: 2, mcp_max_usd: 0.1 } },
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
    mcpMaxUsd: body.mcp_max_usd ?? null,
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
  params: keyParams,
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
    mcpMaxUsd: body.mcp_max_usd,
  })
  return changed ? { status: 200, body: keyJson(changed, now()) } : keyNotFound()
})

export const deleteKey = endpoint({
  id: 'deleteKey',
  method: 'delete',
  path: '/v1/keys/{id}',
  tag: 'Keys',
  summary: 'Revoke a key',
  description: 'It stops working at once. Its tasks go on.',
  access: 'admin',
  params: keyParams,
  answers: { 204: empty('It is revoked.') },
  errors: ['not_found'],
}).handle(async ({ ports: { database, now }, params: { id } }) =>
  (await revokeKey(database, id, now())) ? { status: 204 } : keyNotFound(),
)
