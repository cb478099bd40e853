/**
 * Keys and webhook secrets that replace others.
 *
 * Invariant: each replaced one has an end of its own, which no later rotation moves, but for one without
 * grace: that ends them all at once.
 *
 * While this release is deployed, the one before it still makes and rotates keys, and knows the columns
 * of `keys` only. So those say which one is current and are written by both; what the other release
 * replaced there is read there, and taken over into the tables by the next rotation.
 */
import { and, desc, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { Database } from './database'
import type { Key } from './keys'
import { keyHashes, keys, webhookSecrets } from './schema'

/** How long what is replaced still works. */
export interface Grace {
  startsAt: number
  /** `startsAt` itself: not at all, and nothing that was replaced before does either. */
  endsAt: number
}

/** Puts a new key in place. Null when there is no such key. */
export async function rotateKey(
  database: Database,
  id: string,
  keyHash: string,
  grace: Grace,
): Promise<Key | null> {
  const { endsAt } = grace
  const [, , , [key]] = await database.batch([
    record(database, id, keyHashes, keys.previousKeyHash, keys.previousKeyUntil),
    record(database, id, keyHashes, keys.keyHash, endsAt),
    forgetEnded(database, id, keyHashes, grace),
    database
      .update(keys)
      .set({ keyHash, previousKeyHash: sql`${keys.keyHash}`, previousKeyUntil: endsAt })
      .where(isUsable(id))
      .returning(),
    record(database, id, keyHashes, keys.keyHash, null),
  ])
  return key ?? null
}

/** Puts a new webhook secret in place. Null when there is no such key. */
export async function rotateWebhookSecret(
  database: Database,
  id: string,
  webhookSecret: string,
  grace: Grace,
): Promise<Key | null> {
  const { previousWebhookSecret: previous, previousWebhookSecretUntil: previousUntil } = keys
  const { endsAt } = grace
  const [, , , [key]] = await database.batch([
    record(database, id, webhookSecrets, previous, previousUntil),
    record(database, id, webhookSecrets, keys.webhookSecret, endsAt),
    forgetEnded(database, id, webhookSecrets, grace),
    database
      .update(keys)
      .set({
        webhookSecret,
        previousWebhookSecret: sql`${keys.webhookSecret}`,
        previousWebhookSecretUntil: endsAt,
      })
      .where(isUsable(id))
      .returning(),
    record(database, id, webhookSecrets, keys.webhookSecret, null),
  ])
  return key ?? null
}

/** The secrets that sign a webhook now, the current one first. A revoked key's tasks still announce. */
export async function webhookSecretsOf(
  database: Database,
  keyId: string,
  now: number,
): Promise<string[]> {
  return toSecrets(await selectSecrets(database, keyId, now), now)
}

/** The statement that `toSecrets` reads: one row for each secret in its grace, one at least. */
export function selectSecrets(database: Database, keyId: string, now: number) {
  const isInGrace = and(eq(webhookSecrets.keyId, keys.id), gt(webhookSecrets.endsAt, now))
  return database
    .select({
      current: keys.webhookSecret,
      previous: keys.previousWebhookSecret,
      previousUntil: keys.previousWebhookSecretUntil,
      inGrace: webhookSecrets.value,
    })
    .from(keys)
    .leftJoin(webhookSecrets, isInGrace)
    .where(eq(keys.id, keyId))
    .orderBy(desc(webhookSecrets.endsAt))
}

type SecretRow = Awaited<ReturnType<typeof selectSecrets>>[number]

export function toSecrets(rows: readonly SecretRow[], now: number): string[] {
  const all = rows.flatMap(({ current, previous, previousUntil, inGrace }) => [
    current,
    (previousUntil ?? 0) > now ? previous : null,
    inGrace,
  ])
  return [...new Set(all)].filter((secret) => secret !== null)
}

type SecretTable = typeof keyHashes | typeof webhookSecrets
type SecretColumn =
  | typeof keys.keyHash
  | typeof keys.webhookSecret
  | typeof keys.previousKeyHash
  | typeof keys.previousWebhookSecret
type EndColumn = typeof keys.previousKeyUntil | typeof keys.previousWebhookSecretUntil

function isUsable(id: string) {
  return and(eq(keys.id, id), isNull(keys.revokedAt))
}

/** Takes over what a column of the key holds, with its end. */
function record(
  database: Database,
  id: string,
  table: SecretTable,
  column: SecretColumn,
  end: EndColumn | number | null,
) {
  const held = database
    .select({
      value: sql`${column}`.as('value'),
      keyId: keys.id,
      endsAt: sql`${end}`.as('ends_at'),
    })
    .from(keys)
    .where(and(isUsable(id), isNotNull(column)))
  return database
    .insert(table)
    .select(held)
    .onConflictDoUpdate({ target: table.value, set: { endsAt: sql`excluded.ends_at` } })
}

function forgetEnded(database: Database, id: string, table: SecretTable, grace: Grace) {
  const ofKey = inArray(
    table.keyId,
    database.select({ id: keys.id }).from(keys).where(isUsable(id)),
  )
  const endsAll = grace.endsAt <= grace.startsAt
  return database
    .delete(table)
    .where(endsAll ? ofKey : and(ofKey, lte(table.endsAt, grace.startsAt)))
}
