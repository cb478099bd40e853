/** The ledger, read: how providers have been doing. */
import { and, count, desc, eq, gt, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { EndedAttempt } from '../core/health'
import { PROVIDER_IDS, type ProviderId } from '../core/request'
import type { Database } from './database'
import { attempts, outputs } from './schema'

/** The attempts that ended since a time, per provider, newest first, at most `limit` of each. */
export async function recentAttempts(
  database: Database,
  since: number,
  limit: number,
): Promise<Map<ProviderId, EndedAttempt[]>> {
  const results = await forEachProvider(database, (provider) =>
    database
      .select({
        status: attempts.status,
        failure: attempts.failure,
        startedAt: attempts.startedAt,
        endedAt: attempts.endedAt,
      })
      .from(attempts)
      .where(endedSince(provider, since))
      .orderBy(desc(attempts.endedAt))
      .limit(limit),
  )
  return new Map([...results].map(([id, rows]) => [id, rows.flatMap(toEnded)]))
}

/** Pictures of those attempts that are stored, and how many of them are not as they were asked for. */
export interface PictureCount {
  pictures: number
  mismatches: number
}

/** Of the same attempts as `recentAttempts`. */
export async function recentPictures(
  database: Database,
  since: number,
  limit: number,
): Promise<Map<ProviderId, PictureCount>> {
  const results = await forEachProvider(database, (provider) => {
    const recent = database
      .select({ id: attempts.id, taskId: attempts.taskId })
      .from(attempts)
      .where(endedSince(provider, since))
      .orderBy(desc(attempts.endedAt))
      .limit(limit)
      .as('recent')
    return database
      .select({ pictures: count(), mismatches: sql<number>`total(${outputs.sizeMismatch})` })
      .from(recent)
      .innerJoin(outputs, and(eq(outputs.taskId, recent.taskId), eq(outputs.attemptId, recent.id)))
      .where(isNotNull(outputs.storedAt))
  })
  return new Map(
    [...results].map(([id, [sum]]) => [id, sum ?? { pictures: 0, mismatches: 0 }] as const),
  )
}

/** The rows of each provider's query, in one trip. */
async function forEachProvider<Query extends BatchItem<'sqlite'>>(
  database: Database,
  query: (provider: ProviderId) => Query,
): Promise<Map<ProviderId, Query['_']['result']>> {
  const [first, ...rest] = PROVIDER_IDS.map(query)
  if (!first) return new Map()
  const results = await database.batch([first, ...rest])
  return new Map(PROVIDER_IDS.map((id, position) => [id, results[position]]))
}

function endedSince(provider: ProviderId, since: number): SQL | undefined {
  return and(
    eq(attempts.provider, provider),
    isNotNull(attempts.endedAt),
    gt(attempts.endedAt, since),
  )
}

function toEnded(row: Omit<EndedAttempt, 'endedAt'> & { endedAt: number | null }): EndedAttempt[] {
  return row.endedAt === null ? [] : [{ ...row, endedAt: row.endedAt }]
}
