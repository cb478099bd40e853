import { describe, expect, it } from 'vitest'
import type { FailureCause } from '../../../src/core/attempt'
import { type EndedAttempt, judge, SET_ASIDE_MS } from '../../../src/core/health'

const NOW = 1_800_000_000_000
const success = (seconds = 10): EndedAttempt => ({
  status: 'succeeded',
  failure: null,
  startedAt: NOW - 2_000 - seconds * 1000,
  endedAt: NOW - 2_000,
})
const failure = (cause: FailureCause = 'provider', endedAt = NOW - 1_000): EndedAttempt => ({
  status: 'rejected',
  failure: { code: 'x', message: 'x', cause, retryAt: null },
  startedAt: endedAt - 500,
  endedAt,
})
const times = (n: number, attempt: EndedAttempt) => Array<EndedAttempt>(n).fill(attempt)

describe('the breaker', () => {
  it('sets a provider aside after five failures of its own in a row, for a minute', () => {
    expect(judge(times(4, failure()), NOW).setAsideUntil).toBeNull()
    expect(judge(times(5, failure()), NOW).setAsideUntil).toBe(NOW - 1_000 + SET_ASIDE_MS)
    expect(judge(times(5, failure()), NOW - 1_000 + SET_ASIDE_MS).setAsideUntil).toBeNull()
  })

  it('counts from the last success', () => {
    expect(judge([...times(4, failure()), success(), failure()], NOW).setAsideUntil).toBeNull()
  })

  it.each(['content', 'request', 'gateway'] as const)(
    'does not count faults of the %s',
    (cause) => {
      const mixed = [...times(3, failure()), failure(cause), failure()]
      expect(judge(mixed, NOW).setAsideUntil).toBeNull()
      expect(judge([...mixed, failure()], NOW).setAsideUntil).not.toBeNull()
    },
  )

  it('sets it aside again at the next failure', () => {
    const old = times(5, failure('provider', NOW - 2 * SET_ASIDE_MS))
    expect(judge(old, NOW).setAsideUntil).toBeNull()
    expect(judge([failure(), ...old], NOW).setAsideUntil).not.toBeNull()
  })
})

describe('the figures', () => {
  it('are unknown without attempts', () => {
    expect(judge([failure('content')], NOW)).toEqual({
      setAsideUntil: null,
      successRate: null,
      medianSeconds: null,
      p95Seconds: null,
    })
  })

  it('are the share of successes and their median', () => {
    const health = judge([success(1), success(3), success(20), failure(), failure('request')], NOW)
    expect(health).toMatchObject({ successRate: 0.75, medianSeconds: 3 })
    expect(judge([success(1), success(4)], NOW).medianSeconds).toBe(2.5)
    const hundred = Array.from({ length: 100 }, (_, index) => success(100 - index))
    expect(judge(hundred, NOW).p95Seconds).toBe(95)
    expect(judge([success(7)], NOW).p95Seconds).toBe(7)
  })
})
