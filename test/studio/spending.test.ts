/** Sums of what was spent. */
import { expect, it } from 'vitest'
import {
  daysShown,
  firstDayShown,
  monthOf,
  monthOfKey,
  seriesOf,
} from '../../studio/operator/spending.ts'

const NOW = new Date('2026-11-10T12:00:00Z')

const row = (day: string, usd: number | null, more = {}) => ({
  provider: 'aivideoapi.ai' as const,
  day,
  images: 2,
  credits: 9.4,
  usd,
  unknown: 0,
  ...more,
})

it('asks for the month and for thirty days', () => {
  expect(firstDayShown(NOW)).toBe('2026-10-12')
  expect(firstDayShown(new Date('2026-10-31T12:00:00Z'))).toBe('2026-10-01')
  expect(daysShown(NOW)).toHaveLength(30)
  expect(daysShown(NOW).at(-1)).toBe('2026-11-10')
})

it('sums by day and provider, and leaves out who has nothing', () => {
  const rows = [
    row('2026-11-09', 1, { key_id: 'key_a' }),
    row('2026-11-09', 2, { key_id: 'key_b' }),
    row('2026-11-10', null, { provider: 'gptimage2.ai' }),
  ]
  expect(seriesOf(rows, ['2026-11-09', '2026-11-10'], 'usd')).toEqual([
    { provider: 'aivideoapi.ai', values: [3, 0] },
  ])
  expect(seriesOf(rows, ['2026-11-09', '2026-11-10'], 'images')).toEqual([
    { provider: 'aivideoapi.ai', values: [4, 0] },
    { provider: 'gptimage2.ai', values: [0, 2] },
  ])
})

it('foretells the month from the part of it that has passed', () => {
  const rows = [
    row('2026-10-31', 100),
    row('2026-11-02', 9.5),
    row('2026-11-03', null, { provider: 'gptimage2.ai', unknown: 1 }),
  ]
  const month = monthOf(rows, NOW)
  expect(month).toMatchObject({ usd: 9.5, images: 4, unknown: 1, unpriced: ['gptimage2.ai'] })
  // Nine and a half days of thirty.
  expect(month.expectedUsd).toBeCloseTo(30)
})

it('foretells nothing wild in the first hour of a month', () => {
  const month = monthOf([row('2026-11-01', 1)], new Date('2026-11-01T00:10:00Z'))
  expect(month.expectedUsd).toBeCloseTo(30)
})

it('knows what a key spent', () => {
  const rows = [
    row('2026-11-02', 2, { key_id: 'key_a' }),
    row('2026-11-02', 3, { key_id: 'key_b' }),
  ]
  expect(monthOfKey(rows, 'key_b', NOW)).toBe(3)
})
