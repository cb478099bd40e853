/**
 * How a provider has been doing, read from the ledger of attempts.
 *
 * The breaker has no state of its own: five failures of the provider's own in a row, the last one
 * less than a minute ago, set it aside. The next request after that minute tries it again.
 */
import type { Attempt, AttemptFailure, AttemptStatus } from './attempt'

const FAILURES_UNTIL_SET_ASIDE = 5
export const SET_ASIDE_MS = 60_000

/** An attempt that ended, as far as it tells something of its provider. */
export interface EndedAttempt extends Pick<Attempt, 'startedAt'> {
  status: AttemptStatus
  failure: AttemptFailure | null
  endedAt: number
}

export interface Health {
  /** When the provider is tried again, or null while it is not set aside. */
  setAsideUntil: number | null
  /** Successes among the attempts that count, 0 to 1; null when none did. */
  successRate: number | null
  medianSeconds: number | null
  /** All but the slowest twentieth were faster. */
  p95Seconds: number | null
}

export const UNKNOWN_HEALTH: Health = {
  setAsideUntil: null,
  successRate: null,
  medianSeconds: null,
  p95Seconds: null,
}

/** Judges by the attempts of one provider, newest first. */
export function judge(newestFirst: readonly EndedAttempt[], now: number): Health {
  const counting = newestFirst.filter(counts)
  const successes = counting.filter((attempt) => attempt.status === 'succeeded')
  const seconds = successes
    .map(({ startedAt, endedAt }) => (endedAt - startedAt) / 1000)
    .sort((a, b) => a - b)
  return {
    setAsideUntil: setAsideUntil(counting, now),
    successRate: counting.length === 0 ? null : successes.length / counting.length,
    medianSeconds: median(seconds),
    p95Seconds: seconds[Math.ceil(seconds.length * 0.95) - 1] ?? null,
  }
}

/** Refusals of the content or of the request, and our own faults, say nothing about the provider. */
function counts({ status, failure }: EndedAttempt): boolean {
  return status === 'succeeded' || (failure !== null && failure.cause === 'provider')
}

function setAsideUntil(counting: readonly EndedAttempt[], now: number): number | null {
  const latest = counting.slice(0, FAILURES_UNTIL_SET_ASIDE)
  const [newest] = latest
  if (!newest || latest.length < FAILURES_UNTIL_SET_ASIDE) return null
  if (latest.some((attempt) => attempt.status === 'succeeded')) return null
  const until = newest.endedAt + SET_ASIDE_MS
  return until > now ? until : null
}

function median(sorted: readonly number[]): number | null {
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1]
  const high = sorted[Math.floor(middle)]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
