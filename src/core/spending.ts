/**
 * What a task holds of its key's spend limits.
 *
 * Invariant: while a task may still be charged, at least that much is held; once it is over,
 * exactly what was charged or may have been. Nothing is bought beyond what was reserved at acceptance.
 */
import type { Price, TaskRequest } from './request'
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

/** What the rounding of a task's prices may add up to. */
const DUST_USD = 20 * 10 ** -MONEY_DIGITS

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

/** Held from acceptance on: the dearest provider that may make it, twice if it may be paid twice. */
export function reservationOf(
  quotes: readonly Quote[],
  { resubmit_on_unknown }: Pick<TaskRequest, 'resubmit_on_unknown'>,
): number {
  const dearest = Math.max(0, ...quotes.filter((line) => line.eligible).map(({ usd }) => usd ?? 0))
  return resubmit_on_unknown ? roundMoney(2 * dearest) : dearest
}

/** Dollars that the task holds now; null for a key without spend limits. */
export function heldUsd(task: Task): number | null {
  if (task.reservedUsd === null) return null
  const committed = committedUsd(task)
  return isTerminal(task) ? committed : Math.max(task.reservedUsd, committed)
}

/** Whether another submission of this price keeps a running task within what is reserved for it. */
export function fitsReservation(task: Task, price: Price): boolean {
  if (task.reservedUsd === null) return true
  return committedUsd(task) + (price.usd ?? 0) <= task.reservedUsd + DUST_USD
}

/** What its attempts were charged or may be. */
function committedUsd({ attempts }: Pick<Task, 'attempts'>): number {
  const paid = attempts.filter((attempt) => attempt.charged !== 'no')
  return roundMoney(paid.reduce((total, attempt) => total + (attempt.price.usd ?? 0), 0))
}

/** Days since the epoch, in UTC. */
export function dayOf(now: number): number {
  return Math.floor(now / DAY_MS)
}

export function secondsUntilTomorrow(now: number): number {
  return Math.ceil(((dayOf(now) + 1) * DAY_MS - now) / 1000)
}
