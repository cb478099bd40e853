/** A key as the operator sees it, and how new ones and their secrets are made. */
import * as z from 'zod'
import { encodeBase64, encodeBase64Url } from '../../core/signature'
import { dayOf, hasSpendLimit } from '../../core/spending'
import { isoTime } from '../../core/time'
import type { Key } from '../../db/keys'
import type { KeyJson } from '../../wire/key'
import { ApiError } from '../errors'
import { CREATED_AT } from '../tasks/examples'

const SECRET_BYTES = 32

export const KEY_ID = 'key_01a1fc38b1c07c3f9a54d1f6a1b2c3d4'
export const CLIENT_KEY = 'ig_J2xkPwKNYxQpXAJ0uWl4RcBv9GmT2hZfLeOi7sHyVqE'
export const WEBHOOK_SECRET = 'whsec_gt0qpfpcPze4ZaOF9cmk56dWDsrIEKPDtamuD7aYa8A='

export const key: KeyJson = {
  id: KEY_ID,
  name: 'shop',
  created_at: CREATED_AT,
  last_used_at: null,
  rate_limit_per_minute: 60,
  daily_usd_limit: 20,
  total_usd_limit: null,
  mcp_max_usd: null,
  daily_usd: 0,
  total_usd: 0,
}

export const keyParams = z.object({
  id: z.string().meta({ description: 'The id of the key.', examples: [KEY_ID] }),
})

export function keyJson(row: Key, now: number): KeyJson {
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
    mcp_max_usd: row.mcpMaxUsd,
    daily_usd: isCounted ? spentToday : null,
    total_usd: isCounted ? row.totalUsd : null,
  }
}

export function keyNotFound(): ApiError<'not_found'> {
  return new ApiError('not_found', 'There is no such key.')
}

export function newKey(): string {
  return `ig_${encodeBase64Url(randomBytes())}`
}

export function newWebhookSecret(): string {
  return `whsec_${encodeBase64(randomBytes())}`
}

function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
}
