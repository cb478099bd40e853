/**
 * Sums over the ledger.
 *
 * They are made from the attempts and nothing else, so they always add up to them. What is read is
 * bounded by the range, and for one key by its own tasks in it: ids begin with their time.
 */
import { and, asc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { ProviderId } from '../core/request'
import { MONEY_DIGITS } from '../core/spending'
import type { Database } from './database'
import { attempts, keys, tasks } from './schema'

export const USAGE_GROUPS = ['day', 'provider', 'key'] as const
export type UsageGroup = (typeof USAGE_GROUPS)[number]

/** A task's attempts all begin before its deadline, an hour after it at the latest. */
const TASK_LIFE_MAX_MS = 60 * 60_000
/** How far the clocks behind an id, its task's id and its row may be apart. */
const CLOCK_SKEW_MS = 60_000

export interface UsageQuery {
  startsAt: number
  endsAt: number
  /** Null: every key's. */
  keyId: string | null
  groups: ReadonlySet<UsageGroup>
}

/** Where it is not grouped by something, that is null. */
export interface UsageRow {
  /** `YYYY-MM-DD`, in UTC. */
  day: string | null
  provider: ProviderId | null
  keyId: string | null
  keyName: string | null
  /** Pictures that were charged. */
  images: number
  /** What is known of the prices; null where something was charged and no price of it is known. */
  credits: number | null
  usd: number | null
  /** Attempts that are over and may have been charged: nobody knows. Their prices as above. */
  unknown: number
  unknownCredits: number | null
  unknownUsd: number | null
}

/** One row for each group with an attempt that was or may have been charged. */
export function sumUsage(database: Database, query: UsageQuery): Promise<UsageRow[]> {
  const { startsAt, endsAt, keyId, groups } = query
  const columns = {
    day: sql<string>`date(${attempts.startedAt} / 1000, 'unixepoch')`,
    provider: sql<ProviderId>`${attempts.provider}`,
    key: sql<string>`${tasks.keyId}`,
  }
  const wanted = USAGE_GROUPS.filter((group) => groups.has(group)).map((group) => columns[group])
  const isCharged = sql`${attempts.charged} = 'yes'`
  const hasEnded = sql`(${attempts.endedAt} is not null or ${tasks.completedAt} is not null)`
  const isUnknown = sql`(${attempts.charged} = 'unknown' and ${hasEnded})`
  const name = sql`(select ${keys.name} from ${keys} where ${keys.id} = ${tasks.keyId})`
  return database
    .select({
      day: groups.has('day') ? columns.day : sql<null>`null`,
      provider: groups.has('provider') ? columns.provider : sql<null>`null`,
      keyId: groups.has('key') ? columns.key : sql<null>`null`,
      keyName: groups.has('key') ? sql<string | null>`${name}` : sql<null>`null`,
      images: sql<number>`coalesce(sum(json_array_length(${attempts.indexes})) filter (where ${isCharged}), 0)`,
      credits: sumOf(attempts.credits, isCharged),
      usd: sumOf(attempts.usd, isCharged),
      unknown: sql<number>`count(*) filter (where ${isUnknown})`,
      unknownCredits: sumOf(attempts.credits, isUnknown),
      unknownUsd: sumOf(attempts.usd, isUnknown),
    })
    .from(attempts)
    .innerJoin(tasks, eq(tasks.id, attempts.taskId))
    .where(
      and(
        keyId === null
          ? and(
              gte(attempts.id, firstId('att', startsAt - CLOCK_SKEW_MS)),
              lt(attempts.id, firstId('att', endsAt + CLOCK_SKEW_MS)),
            )
          : and(
              eq(tasks.keyId, keyId),
              gte(tasks.id, firstId('task', startsAt - TASK_LIFE_MAX_MS - CLOCK_SKEW_MS)),
              lt(tasks.id, firstId('task', endsAt + CLOCK_SKEW_MS)),
            ),
        gte(attempts.startedAt, startsAt),
        lt(attempts.startedAt, endsAt),
        sql`(${isCharged} or ${isUnknown})`,
      ),
    )
    .groupBy(...wanted)
    .orderBy(...wanted.map((column) => asc(column)))
}

/** Zero where there is nothing to add up, null where nothing of it has a known amount. */
function sumOf(amount: typeof attempts.credits | typeof attempts.usd, isCounted: SQL) {
  return sql<number | null>`case when count(*) filter (where ${isCounted}) = 0 then 0
    else round(sum(${amount}) filter (where ${isCounted}), ${MONEY_DIGITS}) end`
}

/** The smallest id that something made at this time can have. */
function firstId(prefix: 'att' | 'task', milliseconds: number): string {
  return `${prefix}_${Math.max(0, milliseconds).toString(16).padStart(12, '0')}`
}
