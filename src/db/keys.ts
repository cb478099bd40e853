/**
 * Client keys. A revoked key stays as a row, because its tasks still name it.
 *
 * How keys and webhook secrets are replaced: `rotations.ts`.
 */
import { and, desc, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Limits } from '../core/spending'
import type { Database } from './database'
import { keyHashes, keys, webhookSecrets } from './schema'

export type Key = typeof keys.$inferSelect
type Settable = 'name' | 'rateLimitPerMinute' | 'dailyUsdLimit' | 'totalUsdLimit' | 'mcpMaxUsd'
export type NewKey = Pick<Key, 'id' | 'keyHash' | 'webhookSecret' | 'createdAt' | Settable>
/** What the operator changes; what is undefined stays. */
export type KeyChanges = { [Name in Settable]?: Key[Name] | undefined }

export async function insertKey(database: Database, key: NewKey): Promise<Key> {
  const { id: keyId, keyHash, webhookSecret } = key
  const [[row]] = await database.batch([
    database.insert(keys).values(key).returning(),
    database.insert(keyHashes).values({ keyId, value: keyHash }),
    database.insert(webhookSecrets).values({ keyId, value: webhookSecret }),
  ])
  if (!row) throw new Error('The key was not inserted.')
  return row
}

export async function listKeys(database: Database): Promise<Key[]> {
  return database.select().from(keys).where(isNull(keys.revokedAt)).orderBy(desc(keys.id))
}

/** By its current hash, or by one that was replaced and is in its grace. */
export async function findKeyByHash(
  database: Database,
  keyHash: string,
  now: number,
): Promise<Key | null> {
  const inGrace = database
    .select({ id: keyHashes.keyId })
    .from(keyHashes)
    .where(and(eq(keyHashes.value, keyHash), gt(keyHashes.endsAt, now)))
  const isCurrent = eq(keys.keyHash, keyHash)
  // Replaced by the release before, which knows no table of hashes.
  const isPrevious = and(eq(keys.previousKeyHash, keyHash), gt(keys.previousKeyUntil, now))
  const [key] = await database
    .select()
    .from(keys)
    .where(and(or(isCurrent, inArray(keys.id, inGrace), isPrevious), isNull(keys.revokedAt)))
  return key ?? null
}

/** The id of the key that has this hash, or null once it is revoked or replaced or its limits are other ones. */
export function idOfUnchangedKey(database: Database, keyHash: string, limits: Limits): SQL {
  const { rateLimitPerMinute, dailyUsdLimit, totalUsdLimit } = limits
  const isUnchanged = and(
    eq(keys.keyHash, keyHash),
    isNull(keys.revokedAt),
    sql`${keys.rateLimitPerMinute} is ${rateLimitPerMinute}`,
    sql`${keys.dailyUsdLimit} is ${dailyUsdLimit}`,
    sql`${keys.totalUsdLimit} is ${totalUsdLimit}`,
  )
  return sql`(${database.select({ id: keys.id }).from(keys).where(isUnchanged)})`
}

/** The key as it is now; null when there is no such key, or it is revoked. */
export async function updateKey(
  database: Database,
  id: string,
  changes: KeyChanges,
): Promise<Key | null> {
  const isIt = and(eq(keys.id, id), isNull(keys.revokedAt))
  const hasChanges = Object.values(changes).some((value) => value !== undefined)
  const [key] = hasChanges
    ? await database.update(keys).set(changes).where(isIt).returning()
    : await database.select().from(keys).where(isIt)
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

export async function touchKey(database: Database, id: string, now: number): Promise<void> {
  await database.update(keys).set({ lastUsedAt: now }).where(eq(keys.id, id))
}
