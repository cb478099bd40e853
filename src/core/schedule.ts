/**
 * When things are due: the constants of time, and the one function that computes a task's next
 * due time. Invariant: a task that is not terminal always has a due time, at the latest its
 * deadline, so nothing can get stuck.
 */
import { nextSubmissionAt } from './plan'
import { isPending, isTerminal, type Task } from './task'

/** A wake that got lost is repeated this much later. */
export const DEFAULT_DUE_INTERVAL_MS = 5_000
/** After the deadline a paid job is still looked for, slower, but within the promised minute. */
export const RECOVERY_INTERVAL_MS = 30_000
/** How long after the deadline a late success is still looked for. */
export const RECOVERY_WINDOW_MS = 6 * 60 * 60_000
/** The longest `Retry-After` that is worth waiting for at the same provider. */
export const SHORT_RETRY_AFTER_MS = 30_000
/** How often a rate limit is waited out at one provider before the next one is tried. */
export const RATE_LIMIT_RETRIES = 3
/** "No such task" answers in a row before a known job is given up. */
export const MISSES_UNTIL_LOST = 3

const DOWNLOAD_BACKOFF_FIRST_MS = 2_000
const DOWNLOAD_BACKOFF_MAX_MS = 5 * 60_000

/** Wait before the next download of a picture that failed `faults` times (at least once). */
export function downloadBackoffMs(faults: number): number {
  return Math.min(DOWNLOAD_BACKOFF_MAX_MS, DOWNLOAD_BACKOFF_FIRST_MS * 2 ** (faults - 1))
}

/** The task's next due time as its state implies it, or null when nothing is left to do. */
export function computeDueAt(task: Task, now: number): number | null {
  const times: number[] = []
  for (const attempt of task.attempts) {
    if (attempt.status === 'submitting') times.push(attempt.leaseUntil)
    if (attempt.status === 'running' || (attempt.status === 'unknown' && attempt.hint)) {
      const isPrompt = attempt.hint !== null && attempt.misses === 0
      times.push(isPrompt ? now : now + task.dueIntervalMs)
    }
  }
  for (const output of task.outputs) if (isPending(output)) times.push(output.retryAt)

  if (!isTerminal(task)) {
    times.push(task.deadlineAt)
    const submissionAt = nextSubmissionAt(task)
    if (submissionAt !== null) times.push(Math.max(now, submissionAt))
  }
  return times.length === 0 ? null : Math.min(...times)
}
