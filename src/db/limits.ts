/**
 * A key's counters: tasks in the current minute, dollars of the day and altogether.
 *
 * Invariant: no task is accepted past a limit, however many requests come at once. A count over the limit
 * becomes null in a NOT NULL column, which aborts the batch together with the insert of the task.
 */
import { eq, sql } from 'drizzle-orm'
import { dayOf, type Limits, MONEY_DIGITS } from '../core/spending'
import type { Task } from '../core/task'
import type { Database } from './database'
import { keys } from './schema'

export const WINDOW_MS = 60_000

/** The minute that is being counted. */
export interface Window {
  startedAt: number
  tasks: number
}

export type LimitName = 'rate' | 'daily_usd' | 'total_usd'

/** The statement that counts a new task, or null when its key has no limits. */
export function countTask(database: Database, task: Task, limits: Limits) {
  const { rateLimitPerMinute, dailyUsdLimit, totalUsdLimit } = limits
  if (rateLimitPerMinute === null && dailyUsdLimit === null && totalUsdLimit === null) return null
  const now = task.createdAt
  const usd = task.reservedUsd ?? 0
  const isCurrent = sql`${keys.windowStartedAt} > ${now - WINDOW_MS}`
  const today = dayOf(now)
  const spentToday = sql`case when ${keys.day} >= ${today} then ${keys.dayUsd} else 0 end`
  return database
    .update(keys)
    .set({
      windowStartedAt: sql`case when ${isCurrent} then ${keys.windowStartedAt} else ${now} end`,
      windowTasks: upTo(
        rateLimitPerMinute,
        sql`case when ${isCurrent} then ${keys.windowTasks} else 0 end + 1`,
      ),
      // A request may arrive after one that was made on the next day.
      day: sql`max(${keys.day}, ${today})`,
      dayUsd: upTo(dailyUsdLimit, sql`round(${spentToday} + ${usd}, ${MONEY_DIGITS})`),
      totalUsd: upTo(totalUsdLimit, sql`round(${keys.totalUsd} + ${usd}, ${MONEY_DIGITS})`),
    })
    .where(eq(keys.id, task.keyId))
    .returning({ startedAt: keys.windowStartedAt, tasks: keys.windowTasks })
}

/** The minute that a key's tasks are being counted in. */
export async function readWindow(database: Database, keyId: string): Promise<Window | null> {
  const [window] = await database
    .select({ startedAt: keys.windowStartedAt, tasks: keys.windowTasks })
    .from(keys)
    .where(eq(keys.id, keyId))
  return window ?? null
}

/** The value, or null beyond the limit. */
function upTo(limit: number | null, value: ReturnType<typeof sql>) {
  return limit === null ? value : sql`case when ${value} <= ${limit} then ${value} end`
}

/** The limit whose NOT NULL column refused the batch. */
export function brokenLimit(error: unknown): LimitName | null {
  if (!(error instanceof Error)) return null
  const column = /NOT NULL constraint failed: keys\.(\w+)/.exec(error.message)?.[1]
  switch (column) {
    case 'window_tasks':
      return 'rate'
    case 'day_usd':
      return 'daily_usd'
    case 'total_usd':
      return 'total_usd'
    default:
      return brokenLimit(error.cause)
  }
}

/** Gives back, or takes more of, what a transition changed in the dollars that a task holds. */
export function adjustHold(database: Database, before: Task, after: Task) {
  const difference = (after.reservedUsd ?? 0) - (before.reservedUsd ?? 0)
  if (difference === 0) return []
  const day = dayOf(after.createdAt)
  const changed = (sum: typeof keys.dayUsd | typeof keys.totalUsd) =>
    sql`max(0, round(${sum} + ${difference}, ${MONEY_DIGITS}))`
  return [
    database
      .update(keys)
      .set({
        totalUsd: changed(keys.totalUsd),
        dayUsd: sql`case when ${keys.day} = ${day} then ${changed(keys.dayUsd)} else ${keys.dayUsd} end`,
      })
      .where(eq(keys.id, after.keyId)),
  ]
}
