/**
 * Client keys. A revoked key stays as a row, because its tasks still name it.
 *
 * After a rotation the replaced key or secret works on until its time is up.
 */
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Database } from './database'
import { keys } from './schema'

export type Key = typeof keys.$inferSelect
export type NewKey = Pick<
  Key,
  | 'id'
  | 'name'
  | 'keyHash'
  | 'webhookSecret'
  | 'createdAt'
  | 'rateLimitPerMinute'
  | 'dailyUsdLimit'
  | 'totalUsdLimit'
>

export async function insertKey(database: Database, key: NewKey): Promise<Key> {
  const [row] = await database.insert(keys).values(key).returning()
  if (!row) throw new Error('The key was not inserted.')
  return row
}

export async function listKeys(database: Database): Promise<Key[]> {
  return database.select().from(keys).where(isNull(keys.revokedAt)).orderBy(desc(keys.id))
}

export async function findKeyByHash(
  database: Database,
  keyHash: string,
  now: number,
): Promise<Key | null> {
  const isPrevious = and(eq(keys.previousKeyHash, keyHash), gt(keys.previousKeyUntil, now))
  const [key] = await database
    .select()
    .from(keys)
    .where(and(or(eq(keys.keyHash, keyHash), isPrevious), isNull(keys.revokedAt)))
  return key ?? null
}

/** Whether there was such a key to revoke. */
export async function revokeKey(database: Database, id: string, now: number): Promise<boolean> {
  const revoked = await database
    .update(keys)
    .set({ revokedAt: now })
    .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
    .returning({ id: keys.id })
  return revoked.length === 1
}

/** Puts a new key in place; the old one works until `previousUntil`. Null when there is no such key. */
export async function rotateKey(
  database: Database,
  id: string,
  keyHash: string,
  previousUntil: number,
): Promise<Key | null> {
  const [key] = await database
    .update(keys)
    .set({ keyHash, previousKeyHash: sql`${keys.keyHash}`, previousKeyUntil: previousUntil })
    .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
    .returning()
  return key ?? null
}

/** Puts a new webhook secret in place; until `previousUntil` webhooks are signed with both. */
export async function rotateWebhookSecret(
  database: Database,
  id: string,
  webhookSecret: string,
  previousUntil: number,
): Promise<Key | null> {
  const [key] = await database
    .update(keys)
    .set({
      webhookSecret,
      previousWebhookSecret: sql`${keys.webhookSecret}`,
      previousWebhookSecretUntil: previousUntil,
    })
    .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
    .returning()
  return key ?? null
}

/** The secrets that sign a webhook now, the current one first. A revoked key's tasks still announce. */
export async function webhookSecretsOf(
  database: Database,
  id: string,
  now: number,
): Promise<string[]> {
  const [key] = await database.select().from(keys).where(eq(keys.id, id))
  return key ? validSecrets(key, now) : []
}

export function validSecrets(key: Key, now: number): string[] {
  const { webhookSecret, previousWebhookSecret, previousWebhookSecretUntil } = key
  return previousWebhookSecret !== null && (previousWebhookSecretUntil ?? 0) > now
    ? [webhookSecret, previousWebhookSecret]
    : [webhookSecret]
}

export async function touchKey(database: Database, id: string, now: number): Promise<void> {
  await database.update(keys).set({ lastUsedAt: now }).where(eq(keys.id, id))
}
