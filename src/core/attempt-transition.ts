/**
 * What may happen to an attempt: which of its states may follow which.
 *
 * A part of `transition.ts`, and as pure. Invariants: what comes doubled or out of order changes
 * nothing, what was paid for is taken however late it comes, and a slot gets one picture.
 */
import {
  type Attempt,
  type AttemptFailure,
  canBeLookedUp,
  isChargeOpen,
  isOpen,
  isUnanswered,
  NO_JOB,
  NOT_SENT,
  type OpenAttempt,
  referenceOf,
} from './attempt'
import { finish, refreshSources } from './attempt-pictures'
import type { AttemptEvent } from './event'
import { attemptsLike } from './plan'
import {
  MISS_INTERVAL_MS,
  MISSES_UNTIL_DENIED,
  RATE_LIMIT_RETRIES,
  RECOVERY_LOOKUP_INTERVAL_MS,
  SHORT_RETRY_AFTER_MS,
} from './schedule'
import { isTerminal, type Task, withAttempt } from './task'

/** The task after the event, or null when the event has no effect. */
export function applyToAttempt(task: Task, event: AttemptEvent, now: number): Task | null {
  const attempt = task.attempts.find((candidate) => candidate.id === event.attemptId)
  if (!attempt || isOfAnotherJob(attempt, event)) return null
  const become = (next: Attempt): Task => withAttempt(task, attempt, next)
  const reject = (failure: AttemptFailure): Task =>
    become({ ...attempt, status: 'rejected', job: NO_JOB, charged: 'no', failure, endedAt: now })

  switch (event.type) {
    case 'accepted': {
      if (!isUnanswered(attempt)) return null
      return become({
        ...attempt,
        status: 'running',
        job: { kind: 'confirmed', reference: event.reference },
        price: event.price ?? attempt.price,
        charged: attempt.charged === 'yes' ? 'yes' : 'unknown',
        failure: null,
        endedAt: null,
      })
    }
    // These three may come after the lease ran out: what became of it is known all the same.
    case 'refused': {
      const { failure, cause } = event
      return isUnanswered(attempt) ? reject({ ...failure, cause, retryAt: null }) : null
    }
    case 'rate_limited': {
      if (!isUnanswered(attempt)) return null
      const earlier = attemptsLike(task, attempt).filter(wasRateLimited)
      const isShort = event.retryAfterMs <= longestWaitMs(task, attempt, now)
      const isWorth = isShort && earlier.length < RATE_LIMIT_RETRIES
      const retryAt = isWorth ? now + event.retryAfterMs : null
      return reject({ ...event.failure, cause: 'provider', retryAt })
    }
    case 'withdrawn':
      return isUnanswered(attempt) ? reject(notSent(now)) : null
    case 'lost': {
      if (attempt.status !== 'submitting') return null
      const { claim, failure, cause } = event
      return become({
        ...attempt,
        status: 'unknown',
        job: claim === null ? attempt.job : { kind: 'claimed', reference: claim },
        failure: { ...failure, cause, retryAt: null },
        endedAt: now,
      })
    }
    case 'hinted':
      return isOpen(attempt) ? hint(task, attempt, event.reference, now) : null
    case 'unconfirmed':
      if (!isUnanswered(attempt) || attempt.job.kind !== 'claimed') return null
      return become({ ...attempt, job: NO_JOB, misses: 0 })
    case 'pending':
      if (attempt.status !== 'running' || attempt.misses === 0) return null
      return become({ ...attempt, misses: 0 })
    case 'unanswered':
      return waitLonger(task, attempt, event.retryAfterMs, now)
    case 'missed':
      if (!isOpen(attempt) || !canBeLookedUp(attempt)) return null
      if (attempt.misses !== event.missesBefore) return null
      return miss(task, attempt, now)
    case 'finished':
      if (isOpen(attempt)) return finish(task, attempt, event, now)
      return attempt.status === 'succeeded' ? refreshSources(task, attempt, event.urls) : null
    case 'failed': {
      if (!isOpen(attempt)) return null
      const { failure, cause, charged, price } = event
      return become({
        ...attempt,
        status: 'failed',
        job: attempt.job.kind === 'confirmed' ? attempt.job : NO_JOB,
        charged: charged === 'unknown' ? attempt.charged : charged,
        price: price ?? attempt.price,
        failure: { ...failure, cause, retryAt: null },
        endedAt: now,
      })
    }
    case 'charge_settled':
      return settleCharge(task, attempt, event)
  }
}

/** Whether a lookup was about a job that is not the attempt's, or not any more the one to ask for. */
function isOfAnotherJob(attempt: Attempt, event: AttemptEvent): boolean {
  return 'asked' in event && event.asked !== referenceOf(attempt)
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

/**
 * A job that is known is only looked up sooner, whatever a callback calls it. One that is not known
 * is claimed, and a claim may be replaced by another one: the callback's token is all that vouches.
 */
function hint(task: Task, attempt: OpenAttempt, reference: string, now: number): Task | null {
  const isSooner = attempt.lookUpAt > now || attempt.misses > 0
  const sooner = { misses: 0, lookUpAt: now }
  if (attempt.status === 'running') {
    return isSooner ? withAttempt(task, attempt, { ...attempt, ...sooner }) : task
  }
  const { job } = attempt
  if (job.kind === 'claimed' && job.reference === reference) return null
  if (attempt.status === 'unknown' && (job.kind === 'denied' || job.kind === 'abandoned')) {
    const denied = { kind: 'denied', reference: job.reference } as const
    return withAttempt(task, attempt, { ...attempt, job: denied, ...sooner })
  }
  const claimed = { kind: 'claimed', reference } as const
  return withAttempt(task, attempt, { ...attempt, job: claimed, ...sooner })
}

/** No news, and perhaps a wish to be left alone for a while. */
function waitLonger(
  task: Task,
  attempt: Attempt,
  retryAfterMs: number | null,
  now: number,
): Task | null {
  const waitMs = Math.min(retryAfterMs ?? 0, SHORT_RETRY_AFTER_MS)
  // After the deadline it is not asked for more often than that anyway.
  const isLonger = !isTerminal(task) && waitMs > 0 && now + waitMs > attempt.lookUpAt
  if (attempt.misses === 0 && !isLonger) return null
  const lookUpAt = isLonger ? now + waitMs : attempt.lookUpAt
  return withAttempt(task, attempt, { ...attempt, misses: 0, lookUpAt })
}

/** One "no such job" more: a claim is dropped after some in a row, a confirmed job counts as denied. */
function miss(task: Task, attempt: OpenAttempt, now: number): Task | null {
  if (attempt.job.kind === 'denied') return null
  const misses = attempt.misses + 1
  if (misses < MISSES_UNTIL_DENIED) {
    const intervalMs = isTerminal(task) ? RECOVERY_LOOKUP_INTERVAL_MS : MISS_INTERVAL_MS
    return withAttempt(task, attempt, { ...attempt, misses, lookUpAt: now + intervalMs })
  }
  if (attempt.status !== 'running') {
    return withAttempt(task, attempt, { ...attempt, job: NO_JOB, misses: 0 })
  }
  return withAttempt(task, attempt, {
    ...attempt,
    status: 'unknown',
    job: { kind: 'denied', reference: attempt.job.reference },
    misses: 0,
    failure: {
      code: 'task_not_found',
      message: 'The provider no longer knows the job it had accepted.',
      cause: 'provider',
      retryAt: null,
    },
    endedAt: now,
  })
}

/** Only what is over and not known can be settled, once. */
function settleCharge(
  task: Task,
  attempt: Attempt,
  { charged, price }: Extract<AttemptEvent, { type: 'charge_settled' }>,
): Task | null {
  if (!isChargeOpen(attempt)) return null
  if (attempt.status !== 'unknown' && attempt.status !== 'failed') return null
  return withAttempt(task, attempt, { ...attempt, charged, price: price ?? attempt.price })
}

/** Nothing more is expected of it; whether it was charged stays as it is known. */
export function giveUp(attempt: OpenAttempt, now: number): Attempt {
  const { job } = attempt
  const isKnown = job.kind === 'confirmed' || job.kind === 'denied' || job.kind === 'abandoned'
  return {
    ...attempt,
    status: 'unknown',
    job: isKnown ? { kind: 'abandoned', reference: job.reference } : NO_JOB,
    awaitsCallback: false,
    endedAt: attempt.endedAt ?? now,
    failure: attempt.failure ?? {
      code: 'timed_out',
      message: 'The provider never said how the job ended.',
      cause: 'provider',
      retryAt: null,
    },
  }
}
