/**
 * When things are due: the constants of time, and the one function that computes a task's next
 * due time. Invariant: a task that is not terminal always has a due time, at the latest its
 * deadline, so nothing can get stuck.
 */
import { nextSubmissionAt } from './plan'
import { type Attempt, isDenied, isPending, isTerminal, type Task } from './task'

/** A wake that got lost is repeated this much later. */
export const DEFAULT_DUE_INTERVAL_MS = 5_000
/** After the deadline a paid job is still looked for, slower, but within the promised minute. */
export const RECOVERY_INTERVAL_MS = 30_000
/** How long after the deadline, or after later news of its job, a late success is still looked for. */
export const RECOVERY_WINDOW_MS = 6 * 60 * 60_000
/** The longest `Retry-After` that is worth waiting for at the same provider. */
export const SHORT_RETRY_AFTER_MS = 30_000
/** How often a rate limit is waited out at one provider before the next one is tried. */
export const RATE_LIMIT_RETRIES = 3
/** "No such task" answers in a row before a known job is given up. */
export const MISSES_UNTIL_LOST = 3
const MISS_INTERVAL_MS = 10_000
/** After a callback the job should be done: how soon it is looked up again if it is not. */
export const HINTED_INTERVAL_MS = 2_000
/** A task is looked at once more this long before its deadline. */
export const LAST_LOOK_MS = 3_000

const DOWNLOAD_TIMEOUT_FIRST_MS = 30_000
const DOWNLOAD_TIMEOUT_MAX_MS = 4 * 60_000
/** After a deletion: when nothing that was begun before it can arrive in the bucket any more. */
export const ERASE_AGAIN_MS = DOWNLOAD_TIMEOUT_MAX_MS + 60_000
const DOWNLOAD_BACKOFF_FIRST_MS = 2_000
const DOWNLOAD_BACKOFF_MAX_MS = 5 * 60_000

/** After "no such task" the provider is given time to find it. */
export function lookUpAfterMiss(task: Task, now: number): number {
  return now + Math.max(task.dueIntervalMs, MISS_INTERVAL_MS)
}

/** The job to ask the provider for: the attempt's own, else one that was named for it. */
export function jobToAskFor({ reference, hint }: Attempt): string | null {
  return reference ?? hint
}

/** After an answer; half of the interval, so that the next turn is not missed by a hair. */
export function lookUpPauseMs(task: Task): number {
  return task.dueIntervalMs / 2
}

/** Whether it is time for the last look before the deadline. */
export function isLastLook(task: Task, now: number): boolean {
  return now >= task.deadlineAt - LAST_LOOK_MS
}

export function isLookUpDue(attempt: Attempt, now: number): boolean {
  return canBeLookedUp(attempt) && attempt.lookUpAt <= now
}

/** By a callback a job may be known before its submission is answered, or although it never was. */
export function canBeLookedUp({ status, hint }: Attempt): boolean {
  return (
    status === 'running' || ((status === 'submitting' || status === 'unknown') && hint !== null)
  )
}

/** A hint is followed at once; without one the next look-up is an interval away. */
function nextLookUp(task: Task, attempt: Attempt, now: number): number {
  if (attempt.lookUpAt > now) return attempt.lookUpAt
  const isNews = attempt.hint !== null && !isDenied(attempt)
  return isNews ? now : now + task.dueIntervalMs
}

/** Wait before the next download of a picture that failed `faults` times (at least once). */
export function downloadBackoffMs(faults: number): number {
  return Math.min(DOWNLOAD_BACKOFF_MAX_MS, DOWNLOAD_BACKOFF_FIRST_MS * 2 ** (faults - 1))
}

/** How long a whole download may take: short at first, so that a hanging one leaves time for another. */
export function downloadTimeoutMs(faults: number): number {
  return Math.min(DOWNLOAD_TIMEOUT_MAX_MS, DOWNLOAD_TIMEOUT_FIRST_MS * 2 ** faults)
}

/** When the bucket is to be emptied: at once, and again once nothing more can come. */
function eraseAt({ outputs }: Task, deletedAt: number): number | null {
  if (outputs.length === 0) return null
  return outputs.some(({ picture }) => picture !== null) ? deletedAt : deletedAt + ERASE_AGAIN_MS
}

/** The task's next due time as its state implies it, or null when nothing is left to do. */
export function computeDueAt(task: Task, now: number): number | null {
  if (task.deletedAt !== null) return eraseAt(task, task.deletedAt)
  const times: number[] = []
  for (const attempt of task.attempts) {
    if (attempt.status === 'submitting') times.push(attempt.leaseUntil)
    if (canBeLookedUp(attempt)) times.push(nextLookUp(task, attempt, now))
  }
  for (const output of task.outputs) if (isPending(output)) times.push(output.retryAt)

  if (!isTerminal(task)) {
    times.push(task.deadlineAt)
    const submissionAt = nextSubmissionAt(task)
    if (submissionAt !== null) times.push(Math.max(now, submissionAt))
  }
  return times.length === 0 ? null : Math.min(...times)
}
