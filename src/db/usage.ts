/**
 * Sums over the ledger, kept beside it.
 *
 * Invariant: they change in the batch that changes an attempt (`saveTransition`), so they add up to the
 * ledger at any time. What is read is bounded by days, providers and keys, not by tasks, and for one
 * key by its own.
 */
import { and, asc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { ProviderId } from '../core/request'
import { dayOf, MONEY_DIGITS } from '../core/spending'
import { DAY_MS } from '../core/time'
import type { UsageEntry } from '../core/usage'
import type { Database } from './database'
import { attempts, keys, tasks, usage } from './schema'
import { firstIdAt } from './task-ids'

export const USAGE_GROUPS = ['day', 'provider', 'key'] as const
export type UsageGroup = (typeof USAGE_GROUPS)[number]

/** A task that is older than this begins no attempt: the longest deadline, and clocks that differ. */
const TASK_LIFE_MAX_MS = 2 * 60 * 60_000

export interface UsageQuery {
  /** Both begin a day in UTC. */
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
    day: sql<string>`date(${usage.day} * ${DAY_MS / 1000}, 'unixepoch')`,
    provider: sql<ProviderId>`${usage.provider}`,
    key: sql<string>`${usage.keyId}`,
  }
  const wanted = USAGE_GROUPS.filter((group) => groups.has(group)).map((group) => columns[group])
  return (
    database
      .select({
        day: groups.has('day') ? columns.day : sql<null>`null`,
        provider: groups.has('provider') ? columns.provider : sql<null>`null`,
        keyId: groups.has('key') ? columns.key : sql<null>`null`,
        keyName: groups.has('key') ? sql<string | null>`${keys.name}` : sql<null>`null`,
        images: countOf(usage.images, 'yes'),
        credits: amountOf(usage.credits, usage.creditsKnown, 'yes'),
        usd: amountOf(usage.usd, usage.usdKnown, 'yes'),
        unknown: countOf(usage.attempts, 'unknown'),
        unknownCredits: amountOf(usage.credits, usage.creditsKnown, 'unknown'),
        unknownUsd: amountOf(usage.usd, usage.usdKnown, 'unknown'),
      })
      .from(keys)
      // Key by key, so that of each only the days asked for are read: their order is kept by the database.
      .crossJoin(usage)
      .where(
        and(
          ...(keyId === null ? [] : [eq(keys.id, keyId)]),
          eq(usage.keyId, keys.id),
          gte(usage.day, dayOf(startsAt)),
          lt(usage.day, dayOf(endsAt)),
          // What was settled or charged since leaves a row of nothing.
          sql`${usage.attempts} > 0`,
        ),
      )
      .groupBy(...wanted)
      .orderBy(...wanted.map((column) => asc(column)))
  )
}

type Column = (typeof usage)[keyof UsageEntry]

/** The rows of one kind of charge. */
function of(charged: UsageEntry['charged']): SQL {
  return sql`filter (where ${usage.charged} = ${charged})`
}

function countOf(column: Column, charged: UsageEntry['charged']): SQL<number> {
  return sql<number>`coalesce(sum(${column}) ${of(charged)}, 0)`
}

/** Zero where there is nothing to add up, null where nothing of it has a known amount. */
function amountOf(amount: Column, known: Column, charged: UsageEntry['charged']) {
  return sql<number | null>`case
    when ${countOf(usage.attempts, charged)} = 0 then 0
    when ${countOf(known, charged)} > 0
    then round(sum(${amount}) ${of(charged)}, ${MONEY_DIGITS}) end`
}

/** The statements that change the sums of a key; none where nothing changes. */
export function addUsage(database: Database, keyId: string, entries: readonly UsageEntry[]) {
  return entries.map((entry) =>
    database
      .insert(usage)
      .values({ keyId, ...entry })
      .onConflictDoUpdate({
        target: [usage.keyId, usage.day, usage.provider, usage.charged],
        set: {
          attempts: sql`${usage.attempts} + ${entry.attempts}`,
          images: sql`${usage.images} + ${entry.images}`,
          credits: sql`round(${usage.credits} + ${entry.credits}, ${MONEY_DIGITS})`,
          creditsKnown: sql`${usage.creditsKnown} + ${entry.creditsKnown}`,
          usd: sql`round(${usage.usd} + ${entry.usd}, ${MONEY_DIGITS})`,
          usdKnown: sql`${usage.usdKnown} + ${entry.usdKnown}`,
        },
      }),
  )
}

/**
 * Adds up the ledger of some days anew, in one transaction: what a release wrote that knows nothing of
 * these sums, before a deployment or after a rollback, is in them then.
 *
 * Reads every attempt of these days.
 */
export async function recountUsage(database: Database, startsAt: number): Promise<void> {
  const charged = sql<UsageEntry['charged']>`${attempts.charged}`
  // A bound number is a float, and so would be the quotient.
  const day = sql<number>`${attempts.startedAt} / ${sql.raw(String(DAY_MS))}`
  const ledger = database
    .select({
      keyId: tasks.keyId,
      day: day.as('day'),
      provider: attempts.provider,
      charged: charged.as('charged'),
      attempts: sql<number>`count(*)`.as('attempts'),
      images: sql<number>`sum(json_array_length(${attempts.indexes}))`.as('images'),
      credits: sql<number>`round(total(${attempts.credits}), ${MONEY_DIGITS})`.as('credits'),
      creditsKnown: sql<number>`count(${attempts.credits})`.as('credits_known'),
      usd: sql<number>`round(total(${attempts.usd}), ${MONEY_DIGITS})`.as('usd'),
      usdKnown: sql<number>`count(${attempts.usd})`.as('usd_known'),
    })
    .from(attempts)
    .innerJoin(tasks, eq(tasks.id, attempts.taskId))
    .where(
      and(
        gte(attempts.taskId, firstIdAt(startsAt - TASK_LIFE_MAX_MS)),
        gte(attempts.startedAt, startsAt),
        sql`(${charged} = 'yes' or (${charged} = 'unknown'
          and (${attempts.endedAt} is not null or ${tasks.completedAt} is not null)))`,
      ),
    )
    .groupBy(tasks.keyId, day, attempts.provider, charged)
  await database.batch([
    database.delete(usage).where(gte(usage.day, dayOf(startsAt))),
    database.insert(usage).select(ledger),
  ])
}
