/**
 * What may happen to an attempt: which of its statuses may follow which.
 *
 * A part of `transition.ts`, and as pure. Invariants: what comes doubled or out of order changes
 * nothing, what was paid for is taken however late it comes, and a slot gets one picture.
 */
import { finish, refreshSources } from './attempt-pictures'
import type { TaskEvent } from './event'
import { attemptsLike } from './plan'
import {
  canBeLookedUp,
  HINTED_INTERVAL_MS,
  jobToAskFor,
  lookUpAfterMiss,
  MISSES_UNTIL_LOST,
  RATE_LIMIT_RETRIES,
  RECOVERY_INTERVAL_MS,
  SHORT_RETRY_AFTER_MS,
} from './schedule'
import {
  type Attempt,
  type AttemptFailure,
  changeAttempt,
  isDenied,
  isTerminal,
  NOT_SENT,
  type Task,
} from './task'

/** An event of one attempt. */
export type AttemptEvent = Extract<TaskEvent, { attemptId: string }>

/** The task after the event, or null when the event has no effect. */
export function applyToAttempt(task: Task, event: AttemptEvent, now: number): Task | null {
  const attempt = task.attempts.find((candidate) => candidate.id === event.attemptId)
  if (!attempt || isOfAnotherJob(attempt, event)) return null
  const { status } = attempt
  const isUnanswered = status === 'submitting' || status === 'unknown'
  const isOpen = isUnanswered || status === 'running'
  const change = (changes: Partial<Attempt>): Task => changeAttempt(task, attempt, changes)
  const reject = (failure: AttemptFailure): Task =>
    change({ status: 'rejected', charged: 'no', failure, hint: null, endedAt: now })

  switch (event.type) {
    case 'accepted':
      if (!isUnanswered) return null
      return {
        ...change({
          status: 'running',
          reference: event.reference,
          price: event.price ?? attempt.price,
          failure: null,
          endedAt: null,
        }),
        dueIntervalMs: isTerminal(task) ? RECOVERY_INTERVAL_MS : event.pollIntervalMs,
      }
    // These three may come after the lease ran out: what became of it is known all the same.
    case 'refused':
      return isUnanswered ? reject({ ...event.failure, cause: event.cause, retryAt: null }) : null
    case 'rate_limited': {
      if (!isUnanswered) return null
      const earlier = attemptsLike(task, attempt).filter(wasRateLimited)
      const isShort = event.retryAfterMs <= longestWaitMs(task, attempt, now)
      const isWorth = isShort && earlier.length < RATE_LIMIT_RETRIES
      const retryAt = isWorth ? now + event.retryAfterMs : null
      return reject({ ...event.failure, cause: 'provider', retryAt })
    }
    case 'withdrawn':
      return isUnanswered ? reject(notSent(now)) : null
    case 'lost':
      if (status !== 'submitting') return null
      return change({
        status: 'unknown',
        hint: event.hint ?? attempt.hint,
        failure: { ...event.failure, cause: event.cause, retryAt: null },
        endedAt: now,
      })
    case 'hinted':
      if (!isOpen || (attempt.hint === event.reference && !isDenied(attempt))) return null
      return {
        ...change({ hint: event.reference, misses: 0, lookUpAt: now }),
        // After the deadline one look at once is enough; then it goes on as before.
        dueIntervalMs: isTerminal(task)
          ? task.dueIntervalMs
          : Math.min(task.dueIntervalMs, HINTED_INTERVAL_MS),
      }
    case 'unconfirmed':
      return attempt.hint === null ? null : change({ hint: null, misses: 0 })
    case 'pending':
      if (status !== 'running' || (attempt.misses === 0 && attempt.hint === null)) return null
      return change({ misses: 0, hint: null })
    case 'unanswered': {
      const waitMs = Math.min(event.retryAfterMs ?? 0, SHORT_RETRY_AFTER_MS)
      // After the deadline it is not asked for more often than that anyway.
      const isLonger = !isTerminal(task) && waitMs > task.dueIntervalMs
      if (attempt.misses === 0 && !isLonger) return null
      return change({ misses: 0, ...(isLonger ? { lookUpAt: now + waitMs } : {}) })
    }
    case 'missed':
      return attempt.misses === event.missesBefore ? miss(task, attempt, now) : null
    case 'finished':
      if (isOpen) return finish(task, attempt, event, now)
      return status === 'succeeded' ? refreshSources(task, attempt, event.urls) : null
    case 'failed':
      if (!isOpen) return null
      return change({
        status: 'failed',
        charged: event.charged,
        price: event.price ?? attempt.price,
        failure: { ...event.failure, cause: event.cause, retryAt: null },
        hint: null,
        endedAt: now,
      })
  }
}

/** Whether a look-up was about a job that is not the attempt's, or not any more the one to ask for. */
function isOfAnotherJob(attempt: Attempt, event: AttemptEvent): boolean {
  return 'asked' in event && event.asked !== null && event.asked !== jobToAskFor(attempt)
}

/** The same provider is asked again at once, if there is still time. */
function notSent(now: number): AttemptFailure {
  const message = 'It was recorded too late to be sent.'
  return { code: NOT_SENT, message, cause: 'gateway', retryAt: now }
}

function wasRateLimited({ failure }: Attempt): boolean {
  return failure !== null && failure.retryAt !== null && failure.code !== NOT_SENT
}

/** The longest rate limit that is waited out: it leaves the next candidate half of the time. */
function longestWaitMs(task: Task, attempt: Attempt, now: number): number {
  const timeLeftMs = task.deadlineAt - now
  const isLast = attempt.candidate === task.candidates.length - 1
  return Math.min(SHORT_RETRY_AFTER_MS, isLast ? timeLeftMs : timeLeftMs / 2)
}

function miss(task: Task, attempt: Attempt, now: number): Task | null {
  if (!canBeLookedUp(attempt) || isDenied(attempt)) return null
  const misses = attempt.misses + 1
  if (misses < MISSES_UNTIL_LOST) {
    return changeAttempt(task, attempt, { misses, lookUpAt: lookUpAfterMiss(task, now) })
  }
  if (attempt.status !== 'running') {
    return changeAttempt(task, attempt, { hint: attempt.reference, misses: 0 })
  }
  return changeAttempt(task, attempt, {
    status: 'unknown',
    misses: 0,
    failure: {
      code: 'task_not_found',
      message: 'The provider no longer knows the job it had accepted.',
      cause: 'provider',
      retryAt: null,
    },
    hint: attempt.reference,
    endedAt: now,
  })
}

/** Nothing more is expected of it; whether it was charged stays as it is known. */
export function giveUp(attempt: Attempt, now: number): Attempt {
  return {
    ...attempt,
    status: 'unknown',
    awaitsCallback: false,
    hint: null,
    endedAt: attempt.endedAt ?? now,
    failure: attempt.failure ?? {
      code: 'timed_out',
      message: 'The provider never said how the job ended.',
      cause: 'provider',
      retryAt: null,
    },
  }
}
