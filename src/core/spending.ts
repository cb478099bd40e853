/**
 * What a task holds of its key's spend limits.
 *
 * Invariant: while a task may still be charged, at least that much is held; once it is over,
 * exactly what was charged or may have been.
 */
import type { Quote } from './routing'
import { isTerminal, type Task } from './task'
import { DAY_MS } from './time'

/** What a client may spend and how often it may ask; null means without limit. */
export interface Limits {
  rateLimitPerMinute: number | null
  dailyUsdLimit: number | null
  totalUsdLimit: number | null
}

/** Sums of decimal prices carry no binary dust: a millionth is the smallest unit kept. */
export const MONEY_DIGITS = 6

export function roundMoney(amount: number): number {
  return Number(amount.toFixed(MONEY_DIGITS))
}

export function hasSpendLimit(limits: Limits): boolean {
  return limits.dailyUsdLimit !== null || limits.totalUsdLimit !== null
}

/** Limits, and what is held or spent of them: on `day` (days since the epoch, UTC) and altogether. */
export interface Spending extends Limits {
  day: number
  dayUsd: number
  totalUsd: number
}

/** Dollars that may still be spent now; null without a spend limit. */
export function usdLeft(spending: Spending, now: number): number | null {
  const { dailyUsdLimit, totalUsdLimit, day, dayUsd, totalUsd } = spending
  const spentToday = day >= dayOf(now) ? dayUsd : 0
  const left = [
    ...(dailyUsdLimit === null ? [] : [dailyUsdLimit - spentToday]),
    ...(totalUsdLimit === null ? [] : [totalUsdLimit - totalUsd]),
  ]
  return left.length === 0 ? null : roundMoney(Math.max(0, Math.min(...left)))
}

/** Held from acceptance on: the dearest provider that may make it. */
export function reservationOf(quotes: readonly Quote[]): number {
  return Math.max(0, ...quotes.filter((line) => line.eligible).map((line) => line.usd ?? 0))
}

/** Dollars that the task holds now; null for a key without spend limits. */
export function heldUsd(task: Task): number | null {
  if (task.reservedUsd === null) return null
  const committed = task.attempts
    .filter((attempt) => attempt.charged !== 'no')
    .reduce((total, attempt) => total + (attempt.price.usd ?? 0), 0)
  return isTerminal(task) ? committed : Math.max(task.reservedUsd, committed)
}

/** Days since the epoch, in UTC. */
export function dayOf(now: number): number {
  return Math.floor(now / DAY_MS)
}

export function secondsUntilTomorrow(now: number): number {
  return Math.ceil(((dayOf(now) + 1) * DAY_MS - now) / 1000)
}
