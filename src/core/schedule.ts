/**
 * When things are due: every duration of the engine, and the functions that compute a time.
 *
 * A task's runner keeps its own pace by its alarm. The row's due time is the cron's: it finds what the
 * runner lost. Invariant: a task that is not terminal always has a due time, at the latest just after its
 * deadline, so nothing can get stuck.
 */
import { type Attempt, canBeLookedUp } from './attempt'
import { nextPurchaseAt } from './plan'
import { isPending, isTerminal, type Task } from './task'

/** How long the cron leaves a task to its runner before it hands it out again. */
export const HAND_OUT_INTERVAL_MS = 60_000
/** The same for a task that no runner has begun: its wake got lost. */
export const FIRST_HAND_OUT_INTERVAL_MS = 5_000
/** What the runner should do at a time, the cron looks after this much later. */
export const LOST_WAKE_MS = 1_000
/** A due time is left as it is when it is not sooner than this: each move of it costs writes. */
const DUE_SOON_MS = 10_000

/** How often a job is looked up whose provider documents no pace. */
export const LOOKUP_INTERVAL_MS = 5_000
/** Every pace is stretched by up to a tenth, so that many jobs don't ask in the same second. */
export const LOOKUP_JITTER = 0.1
/** Even after a callback the same job is not asked about at once again. */
export const LOOKUP_PAUSE_MS = 1_000
/** Shortly before the deadline every job is looked up more often, so that none is missed by a hair. */
const FINAL_STRETCH_MS = 10_000
const FINAL_INTERVAL_MS = 2_000
/** After the deadline a paid job is still looked for, slower, but within the promised minute. */
export const RECOVERY_LOOKUP_INTERVAL_MS = 30_000
/** How long after the deadline, or after later news of its job, a late success is still looked for. */
export const RECOVERY_WINDOW_MS = 6 * 60 * 60_000
/** "No such task" answers in a row before a known job counts as denied. */
export const MISSES_UNTIL_DENIED = 3
/** After "no such task" the provider is given time to find it. */
export const MISS_INTERVAL_MS = 10_000

/** The longest `Retry-After` that is worth waiting for at the same provider. */
export const SHORT_RETRY_AFTER_MS = 30_000
/** How often a rate limit is waited out at one provider before the next one is tried. */
export const RATE_LIMIT_RETRIES = 3

const DOWNLOAD_TIMEOUT_FIRST_MS = 30_000
const DOWNLOAD_TIMEOUT_MAX_MS = 4 * 60_000
const DOWNLOAD_BACKOFF_FIRST_MS = 2_000
const DOWNLOAD_BACKOFF_MAX_MS = 5 * 60_000
/** After a deletion: when nothing that was begun before it can arrive in the bucket any more. */
export const ERASE_AGAIN_MS = DOWNLOAD_TIMEOUT_MAX_MS + 60_000

/** Wait before the next download of a picture that failed `faults` times (at least once). */
export function downloadBackoffMs(faults: number): number {
  return Math.min(DOWNLOAD_BACKOFF_MAX_MS, DOWNLOAD_BACKOFF_FIRST_MS * 2 ** (faults - 1))
}

/** How long a whole download may take: short at first, so that a hanging one leaves time for another. */
export function downloadTimeoutMs(faults: number): number {
  return Math.min(DOWNLOAD_TIMEOUT_MAX_MS, DOWNLOAD_TIMEOUT_FIRST_MS * 2 ** faults)
}

/**
 * When a job is looked up next.
 *
 * @param lookedUpAt when its last lookup ended; null when this runner has made none
 * @param intervalMs the provider's pace
 * @param isNews whether something says that a lookup is worth it now
 */
export function nextLookupAt(
  task: Task,
  attempt: Attempt,
  lookedUpAt: number | null,
  intervalMs: number,
  isNews: boolean,
): number {
  if (isNews || lookedUpAt === null) {
    return Math.max(attempt.lookUpAt, (lookedUpAt ?? 0) + LOOKUP_PAUSE_MS)
  }
  if (isTerminal(task)) {
    return Math.max(attempt.lookUpAt, lookedUpAt + RECOVERY_LOOKUP_INTERVAL_MS)
  }
  const inStretch = Math.max(
    task.deadlineAt - FINAL_STRETCH_MS,
    lookedUpAt + Math.min(intervalMs, FINAL_INTERVAL_MS),
  )
  return Math.max(attempt.lookUpAt, Math.min(lookedUpAt + intervalMs, inStretch))
}

/** When the bucket is to be emptied: at once, and again once nothing more can come. */
export function eraseAt({ outputs, deletedAt }: Task): number | null {
  if (deletedAt === null || outputs.length === 0) return null
  return outputs.some(({ picture }) => picture !== null) ? deletedAt : deletedAt + ERASE_AGAIN_MS
}

/** When the cron looks after the task, as its state implies it, or null when nothing is left to do. */
function handOutAt(task: Task, now: number): number | null {
  if (task.deletedAt !== null) return eraseAt(task)
  const later = now + HAND_OUT_INTERVAL_MS
  const times: number[] = []
  for (const attempt of task.attempts) {
    if (attempt.status === 'submitting') times.push(Math.min(attempt.leaseUntil, later))
    if (canBeLookedUp(attempt)) times.push(Math.max(attempt.lookUpAt, later))
  }
  for (const output of task.outputs) {
    if (isPending(output)) times.push(Math.max(output.retryAt, later))
  }
  if (!isTerminal(task)) {
    times.push(task.deadlineAt + LOST_WAKE_MS)
    const purchaseAt = nextPurchaseAt(task, now)
    if (purchaseAt !== null) times.push(Math.max(now, purchaseAt) + LOST_WAKE_MS)
  }
  return times.length === 0 ? null : Math.min(...times)
}

/**
 * The due time of a task's row.
 *
 * One that stands and is neither past nor too soon stays, for being handed out early does no harm.
 *
 * @param before the due time so far
 */
export function computeDueAt(task: Task, before: number | null, now: number): number | null {
  const wanted = handOutAt(task, now)
  const stays = before !== null && before > now + DUE_SOON_MS
  return wanted !== null && stays ? Math.min(before, wanted) : wanted
}
