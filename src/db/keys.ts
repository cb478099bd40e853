/** Client keys. A revoked key stays as a row, because its tasks still name it. */
import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Database } from './database'
import { keys } from './schema'

export type Key = typeof keys.$inferSelect

export async function insertKey(database: Database, key: Key): Promise<void> {
  await database.insert(keys).values(key)
}

export async function listKeys(database: Database): Promise<Key[]> {
  return database.select().from(keys).where(isNull(keys.revokedAt)).orderBy(desc(keys.id))
}

export async function findKeyByHash(database: Database, keyHash: string): Promise<Key | null> {
  const [key] = await database
    .select()
    .from(keys)
    .where(and(eq(keys.keyHash, keyHash), isNull(keys.revokedAt)))
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
