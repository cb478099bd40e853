/**
 * Sums over the ledger.
 *
 * They are made from the attempts and nothing else, so they always add up to them.
 */
import { and, asc, eq, gte, lt, sql } from 'drizzle-orm'
import type { ProviderId } from '../core/request'
import { MONEY_DIGITS } from '../core/spending'
import type { Database } from './database'
import { attempts, tasks } from './schema'

export interface UsageRow {
  keyId: string
  provider: ProviderId
  /** `YYYY-MM-DD`, in UTC. */
  day: string
  /** Pictures that were charged. */
  images: number
  /** Null when no charged attempt has a known number. */
  credits: number | null
  usd: number | null
  /** Submissions of which nobody knows whether they were charged. */
  unknown: number
}

/** One row for each key, provider and day with a submission that was or may have been charged. */
export async function sumUsage(
  database: Database,
  range: { startsAt: number; endsAt: number; keyId: string | null },
): Promise<UsageRow[]> {
  const day = sql<string>`date(${attempts.startedAt} / 1000, 'unixepoch')`
  const ifCharged = (value: unknown) => sql`case when ${attempts.charged} = 'yes' then ${value} end`
  const hasEnded = sql`(${attempts.endedAt} is not null or ${tasks.completedAt} is not null)`
  const isLost = sql`${attempts.charged} = 'unknown' and ${hasEnded}`
  const { startsAt, endsAt, keyId } = range
  return database
    .select({
      keyId: tasks.keyId,
      provider: attempts.provider,
      day,
      images: sql<number>`coalesce(sum(${ifCharged(sql`json_array_length(${attempts.indexes})`)}), 0)`,
      credits: sql<number | null>`round(sum(${ifCharged(attempts.credits)}), ${MONEY_DIGITS})`,
      usd: sql<number | null>`round(sum(${ifCharged(attempts.usd)}), ${MONEY_DIGITS})`,
      unknown: sql<number>`count(case when ${isLost} then 1 end)`,
    })
    .from(attempts)
    .innerJoin(tasks, eq(tasks.id, attempts.taskId))
    .where(
      and(
        // Ids begin with their time, so the range is found by the primary key.
        gte(attempts.id, firstId(startsAt)),
        lt(attempts.id, firstId(endsAt)),
        sql`(${attempts.charged} = 'yes' or ${isLost})`,
        // The plus keeps the planner from reading all tasks of the key instead of the range.
        keyId === null ? undefined : sql`+${tasks.keyId} = ${keyId}`,
      ),
    )
    .groupBy(tasks.keyId, attempts.provider, day)
    .orderBy(asc(day), asc(attempts.provider), asc(tasks.keyId))
}

/** The smallest id that an attempt begun at this time can have. */
function firstId(milliseconds: number): string {
  return `att_${Math.max(0, milliseconds).toString(16).padStart(12, '0')}`
}
