/** Sums of what was spent: by day and provider, this month, and what the month will come to. */
import type { ProviderId, UsageRow } from '../../client/index.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const DAYS_SHOWN = 30

/** A row of the usage by day, provider and key. */
export interface UsageFacts extends Pick<UsageRow, 'key_id' | 'images' | 'usd' | 'unknown'> {
  day: string
  provider: ProviderId
}

export const USAGE_GROUPS = 'day,provider,key'

export function usageFacts(rows: readonly UsageRow[]): UsageFacts[] {
  return rows.flatMap(({ day, provider, ...row }) =>
    day && provider ? [{ ...row, day, provider }] : [],
  )
}

/** What a chart can count. */
export type Measure = 'usd' | 'images'

/** `2026-11-25` in UTC, as the gateway counts days. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** Far enough back for the chart and for the whole of this month. */
export function firstDayShown(now: Date): string {
  const chart = dayOf(new Date(now.getTime() - (DAYS_SHOWN - 1) * DAY_MS))
  const month = `${dayOf(now).slice(0, 7)}-01`
  return chart < month ? chart : month
}

export function daysShown(now: Date): string[] {
  return Array.from({ length: DAYS_SHOWN }, (_, position) =>
    dayOf(new Date(now.getTime() - (DAYS_SHOWN - 1 - position) * DAY_MS)),
  )
}

/** A number per day for each provider that has any. */
export function seriesOf(
  rows: readonly UsageFacts[],
  days: readonly string[],
  measure: Measure,
): Array<{ provider: ProviderId; values: number[] }> {
  const providers = [...new Set(rows.map(({ provider }) => provider))].sort()
  return providers
    .map((provider) => ({
      provider,
      values: days.map((day) =>
        rows
          .filter((row) => row.provider === provider && row.day === day)
          .reduce((sum, row) => sum + (row[measure] ?? 0), 0),
      ),
    }))
    .filter(({ values }) => values.some((value) => value > 0))
}

export interface Month {
  usd: number
  images: number
  /** If the rest of the month is like it so far. */
  expectedUsd: number
  /** Submissions of which nobody knows whether they were charged. */
  unknown: number
  /** Providers whose credits have no price in dollars, so that the sums leave them out. */
  unpriced: ProviderId[]
}

export function monthOf(rows: readonly UsageFacts[], now: Date): Month {
  const month = dayOf(now).slice(0, 7)
  const ours = rows.filter(({ day }) => day.startsWith(month))
  const sum = (read: (row: UsageFacts) => number) =>
    ours.reduce((total, row) => total + read(row), 0)
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)
  // Not less than a day, or the first hour would foretell fortunes.
  const passed = Math.max(DAY_MS, now.getTime() - start)
  const usd = sum((row) => row.usd ?? 0)
  return {
    usd,
    images: sum(({ images }) => images),
    expectedUsd: (usd / passed) * (end - start),
    unknown: sum((row) => row.unknown),
    unpriced: [
      ...new Set(
        ours.filter((row) => row.images > 0 && row.usd === null).map((row) => row.provider),
      ),
    ],
  }
}

/** What the key spent this month, known in dollars. */
export function monthOfKey(rows: readonly UsageFacts[], keyId: string, now: Date): number {
  return monthOf(
    rows.filter((row) => row.key_id === keyId),
    now,
  ).usd
}
