/** The ledger, read: how providers have been doing. */
import { and, desc, eq, gt, isNotNull } from 'drizzle-orm'
import type { EndedAttempt } from '../core/health'
import { PROVIDER_IDS, type ProviderId } from '../core/request'
import type { Database } from './database'
import { attempts } from './schema'

/** The attempts that ended since a time, per provider, newest first, at most `limit` of each. */
export async function recentAttempts(
  database: Database,
  since: number,
  limit: number,
): Promise<Map<ProviderId, EndedAttempt[]>> {
  const [first, ...rest] = PROVIDER_IDS.map((provider) =>
    database
      .select({
        status: attempts.status,
        failure: attempts.failure,
        startedAt: attempts.startedAt,
        endedAt: attempts.endedAt,
      })
      .from(attempts)
      .where(
        and(
          eq(attempts.provider, provider),
          isNotNull(attempts.endedAt),
          gt(attempts.endedAt, since),
        ),
      )
      .orderBy(desc(attempts.endedAt))
      .limit(limit),
  )
  if (!first) return new Map()
  const results = await database.batch([first, ...rest])
  return new Map(
    PROVIDER_IDS.map((id, position) => [id, (results[position] ?? []).flatMap(toEnded)]),
  )
}

function toEnded(row: Omit<EndedAttempt, 'endedAt'> & { endedAt: number | null }): EndedAttempt[] {
  return row.endedAt === null ? [] : [{ ...row, endedAt: row.endedAt }]
}
