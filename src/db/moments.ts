/** Moments that all isolates share: when the cron ran, how far retention got, how long a provider wants to be left alone. */
import { eq, like, sql } from 'drizzle-orm'
import { PROVIDER_IDS, type ProviderId } from '../core/request'
import type { Database } from './database'
import { moments } from './schema'

const SWEPT = 'swept_at'
const RETENTION = 'retention_reached'
const PAUSED = 'lookups_paused_until:'

/** Notes that a sweep began. */
export async function recordSweep(database: Database, now: number): Promise<void> {
  await setMoment(database, SWEPT, now)
}

/** When a sweep last began; null when none ever did. */
export function lastSweepAt(database: Database): Promise<number | null> {
  return findMoment(database, SWEPT)
}

/** Of tasks that were made before this time nothing is left but the ledger; null: nothing is known. */
export function retentionReachedAt(database: Database): Promise<number | null> {
  return findMoment(database, RETENTION)
}

export async function recordRetention(database: Database, reachedAt: number): Promise<void> {
  await setMoment(database, RETENTION, reachedAt)
}

/** A provider answered a lookup with 429: nobody looks up its jobs before then. */
export async function recordLookupPause(
  database: Database,
  provider: ProviderId,
  until: number,
): Promise<void> {
  await setMoment(database, PAUSED + provider, until)
}

/** Until when the jobs of each provider are not looked up, as far as that is in the future. */
export async function lookupPauses(
  database: Database,
  now: number,
): Promise<Map<ProviderId, number>> {
  const rows = await database
    .select()
    .from(moments)
    .where(like(moments.name, `${PAUSED}%`))
  return new Map(
    PROVIDER_IDS.flatMap((id) => {
      const at = rows.find(({ name }) => name === PAUSED + id)?.at ?? 0
      return at > now ? [[id, at] as const] : []
    }),
  )
}

async function findMoment(database: Database, name: string): Promise<number | null> {
  const [row] = await database
    .select({ at: moments.at })
    .from(moments)
    .where(eq(moments.name, name))
  return row?.at ?? null
}

/** Moments only move forwards. */
async function setMoment(database: Database, name: string, at: number): Promise<void> {
  await database
    .insert(moments)
    .values({ name, at })
    .onConflictDoUpdate({ target: moments.name, set: { at: sql`max(${moments.at}, ${at})` } })
}
