import { expect, it } from 'vitest'
import { readRetryAfter } from '../../../src/core/retry-after'

const NOW = Date.parse('2026-11-21T08:00:00Z')

it.each([
  ['7', 7_000],
  [' 0 ', 0],
  ['1.5', 1_500],
  ['Sat, 21 Nov 2026 08:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 07:00:00 GMT', 0],
  ['soon', null],
  ['-5', null],
  ['2, 3', null],
  ['', null],
  [null, null],
])('%j', (header, milliseconds) => {
  expect(readRetryAfter(header, NOW)).toBe(milliseconds)
})
