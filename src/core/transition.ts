/**
 * The one place that knows which status may follow which.
 *
 * `decide` is pure: the same task, event and time always give the same next task. It returns
 * null when the event changes nothing, so late, doubled and impossible events are harmless.
 * Invariants: a terminal status never changes; a slot gets one picture; every task that is not
 * terminal has a due time.
 */
import type { NewAttempt, TaskEvent } from './event'
import { failureOf } from './failure'
import { attemptsLike, isLive, nextSubmission, nextSubmissionAt, roomForSubmissions } from './plan'
import {
  computeDueAt,
  downloadBackoffMs,
  ERASE_AGAIN_MS,
  HINTED_INTERVAL_MS,
  lookUpAfterMiss,
  MISSES_UNTIL_LOST,
  RATE_LIMIT_RETRIES,
  RECOVERY_INTERVAL_MS,
  RECOVERY_WINDOW_MS,
  SHORT_RETRY_AFTER_MS,
} from './schedule'
import { heldUsd } from './spending'
import { type Attempt, isPending, isTerminal, type Output, storedOutputs, type Task } from './task'

/** The task after the event, one version later, or null when the event has no effect. */
export function decide(task: Task, event: TaskEvent, now: number): Task | null {
  const changed = apply(task, event, now)
  if (changed === null) return null
  const concluded = conclude(changed, now)
  return {
    ...concluded,
    version: task.version + 1,
    dueAt: computeDueAt(concluded, now),
    reservedUsd: heldUsd(concluded),
  }
}

function apply(task: Task, event: TaskEvent, now: number): Task | null {
  if (task.deletedAt !== null && event.type !== 'erased') return null
  switch (event.type) {
    case 'opened':
      return open(task, event.attempts, now)
    case 'canceled':
      return task.status === 'queued' ? { ...task, status: 'canceled', completedAt: now } : null
    case 'expired':
      return expire(task, now)
    case 'deleted':
      return isTerminal(task) ? forget(task, now) : null
    case 'erased':
      return isTerminal(task) ? clearOutputs(task, now) : null
    case 'stored':
      return changeOutput(task, event.index, () => ({
        sourceUrl: null,
        lastFault: null,
        picture: { ...event.picture, storedAt: storedAt(task, event.picture.storedAt) },
      }))
    case 'download_failed':
      return changeOutput(task, event.index, (output) => ({
        faults: output.faults + 1,
        lastFault: event.reason,
        retryAt: now + downloadBackoffMs(output.faults + 1),
      }))
    default:
      return applyToAttempt(task, event, now)
  }
}

/** A picture that the end of its task overtook came after it, whatever the clock said. */
function storedAt({ completedAt }: Task, time: number): number {
  return completedAt === null ? time : Math.max(time, completedAt + 1)
}

type AttemptEvent = Extract<TaskEvent, { attemptId: string }>

function applyToAttempt(task: Task, event: AttemptEvent, now: number): Task | null {
  const attempt = task.attempts.find((candidate) => candidate.id === event.attemptId)
  if (!attempt) return null
  const { status } = attempt
  const isOpen = status === 'submitting' || status === 'running' || status === 'unknown'
  const change = (changes: Partial<Attempt>): Task => changeAttempt(task, attempt, changes)

  switch (event.type) {
    case 'accepted':
      if (status !== 'submitting' && status !== 'unknown') return null
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
    // These two may come after the lease ran out: what the provider said is known all the same.
    case 'refused':
      if (status !== 'submitting' && status !== 'unknown') return null
      return change({
        status: 'rejected',
        charged: 'no',
        failure: { ...event.failure, cause: event.cause, retryAt: null },
        hint: null,
        endedAt: now,
      })
    case 'rate_limited': {
      if (status !== 'submitting' && status !== 'unknown') return null
      const earlier = attemptsLike(task, attempt).filter((other) => other.failure?.retryAt)
      const short = event.retryAfterMs <= SHORT_RETRY_AFTER_MS
      const retryAt = short && earlier.length < RATE_LIMIT_RETRIES ? now + event.retryAfterMs : null
      return change({
        status: 'rejected',
        charged: 'no',
        failure: { ...event.failure, cause: 'provider', retryAt },
        hint: null,
        endedAt: now,
      })
    }
    case 'lost':
      if (status !== 'submitting') return null
      return change({
        status: 'unknown',
        hint: event.hint ?? attempt.hint,
        failure: { ...event.failure, cause: 'provider', retryAt: null },
        endedAt: now,
      })
    case 'hinted':
      if (!isOpen || attempt.hint === event.reference) return null
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
    case 'unanswered':
      return attempt.misses === 0 ? null : change({ misses: 0 })
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

function open(task: Task, attempts: NewAttempt[], now: number): Task | null {
  if (isTerminal(task) || now >= task.deadlineAt) return null
  const submission = nextSubmission(task)
  const at = nextSubmissionAt(task)
  if (at === null || at > now || attempts.length > roomForSubmissions(task)) return null
  const fits = attempts.every(
    (attempt) =>
      attempt.candidate === submission?.position &&
      attempt.indexes.every((index) => submission.indexes.includes(index)),
  )
  if (!fits || attempts.length === 0) return null
  const opened = attempts.map(
    (attempt): Attempt => ({
      ...attempt,
      status: 'submitting',
      reference: null,
      hint: null,
      lookUpAt: now,
      misses: 0,
      charged: 'unknown',
      failure: null,
      endedAt: null,
    }),
  )
  return { ...task, status: 'processing', attempts: [...task.attempts, ...opened] }
}

/** A success: the slots that have no picture yet get an output each, in the provider's order. */
function finish(
  task: Task,
  attempt: Attempt,
  event: Extract<TaskEvent, { type: 'finished' }>,
  now: number,
): Task | null {
  if (event.urls.length === 0) return finishWithoutPictures(task, attempt, event)
  const taken = new Set(task.outputs.map((output) => output.index))
  const free = attempt.indexes.filter((index) => !taken.has(index))
  const outputs = free.slice(0, event.urls.length).map(
    (index, position): Output => ({
      index,
      attemptId: attempt.id,
      sourceUrl: event.urls[position] ?? null,
      faults: 0,
      lastFault: null,
      retryAt: now,
      picture: null,
    }),
  )
  const changed = changeAttempt(task, attempt, {
    status: 'succeeded',
    charged: 'yes',
    price: event.price ?? attempt.price,
    failure: null,
    hint: null,
    endedAt: now,
  })
  return {
    ...changed,
    outputs: [...task.outputs, ...outputs].sort((a, b) => a.index - b.index),
  }
}

/** Finished and charged, but its pictures are not there yet: it is asked for them again. */
function finishWithoutPictures(
  task: Task,
  attempt: Attempt,
  event: Extract<TaskEvent, { type: 'finished' }>,
): Task | null {
  if (attempt.status !== 'running' || attempt.charged === 'yes') return null
  return changeAttempt(task, attempt, {
    charged: 'yes',
    price: event.price ?? attempt.price,
    hint: null,
  })
}

/** A finished job asked again: fresh addresses for the pictures that are still missing. */
function refreshSources(task: Task, attempt: Attempt, urls: string[]): Task | null {
  const own = task.outputs.filter((output) => output.attemptId === attempt.id)
  const stale = own.filter(
    (output, position) => isPending(output) && (urls[position] ?? null) !== output.sourceUrl,
  )
  if (stale.length === 0) return null
  const outputs = task.outputs.map((output) =>
    stale.includes(output)
      ? { ...output, sourceUrl: urls[own.indexOf(output)] ?? output.sourceUrl }
      : output,
  )
  return { ...task, outputs }
}

function miss(task: Task, attempt: Attempt, now: number): Task | null {
  if (attempt.status !== 'running' && attempt.status !== 'unknown') return null
  const misses = attempt.misses + 1
  if (misses < MISSES_UNTIL_LOST) {
    return changeAttempt(task, attempt, { misses, lookUpAt: lookUpAfterMiss(task, now) })
  }
  if (attempt.status === 'unknown') return changeAttempt(task, attempt, { hint: null, misses: 0 })
  return changeAttempt(task, attempt, {
    status: 'unknown',
    misses: 0,
    failure: {
      code: 'task_not_found',
      message: 'The provider no longer knows the job it had accepted.',
      cause: 'provider',
      retryAt: null,
    },
    hint: null,
    endedAt: now,
  })
}

/** At the deadline the task ends; six hours after the last news of a job that is given up, too. */
function expire(task: Task, now: number): Task | null {
  if (!isTerminal(task)) {
    if (now < task.deadlineAt) return null
    return {
      ...task,
      status: 'failed',
      completedAt: now,
      error: failureOf(task),
      dueIntervalMs: RECOVERY_INTERVAL_MS,
    }
  }
  const isOutOfTime = ({ lookUpAt, endedAt }: Attempt) =>
    now >= Math.max(task.deadlineAt, lookUpAt, endedAt ?? 0) + RECOVERY_WINDOW_MS
  const late = task.attempts.filter(isOutOfTime)
  const attempts = late.filter(isLive)
  const outputs = task.outputs.filter(
    (output) => isPending(output) && late.some(({ id }) => id === output.attemptId),
  )
  if (attempts.length + outputs.length === 0) return null
  return {
    ...task,
    attempts: task.attempts.map((item) => (attempts.includes(item) ? giveUp(item, now) : item)),
    outputs: task.outputs.map((item) =>
      outputs.includes(item) ? { ...item, sourceUrl: null } : item,
    ),
  }
}

/** Leaves nothing of what the client said or got, and of the attempts what the ledger needs. */
function forget(task: Task, now: number): Task {
  const { model, n } = task.request
  return {
    ...task,
    deletedAt: now,
    request: { model, n },
    error: null,
    outputs: task.outputs.map((output) => ({ ...output, sourceUrl: null, lastFault: null })),
    attempts: task.attempts
      .map((attempt) => (isLive(attempt) ? giveUp(attempt, now) : attempt))
      .map(({ failure, ...attempt }) => ({
        ...attempt,
        failure: failure && { ...failure, message: '' },
      })),
  }
}

/** Drops the slots whose pictures were removed; a deleted task keeps those that may still get one. */
function clearOutputs(task: Task, now: number): Task | null {
  const mayStillCome = task.deletedAt !== null && now < task.deletedAt + ERASE_AGAIN_MS
  const outputs = task.outputs.filter(({ picture }) => picture === null && mayStillCome)
  return outputs.length === task.outputs.length ? null : { ...task, outputs }
}

function giveUp(attempt: Attempt, now: number): Attempt {
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

/** Ends the task once all pictures are stored, or once nothing can bring the missing ones. */
function conclude(task: Task, now: number): Task {
  if (isTerminal(task)) return task
  const end = { completedAt: now, dueIntervalMs: RECOVERY_INTERVAL_MS }
  if (storedOutputs(task).length === task.request.n) {
    return { ...task, ...end, status: 'succeeded' }
  }
  const canStillSucceed =
    task.attempts.some(isLive) || task.outputs.some(isPending) || nextSubmission(task) !== null
  return canStillSucceed ? task : { ...task, ...end, status: 'failed', error: failureOf(task) }
}

function changeAttempt(task: Task, attempt: Attempt, changes: Partial<Attempt>): Task {
  return {
    ...task,
    attempts: task.attempts.map((other) =>
      other === attempt ? { ...attempt, ...changes } : other,
    ),
  }
}

function changeOutput(
  task: Task,
  index: number,
  changes: (output: Output) => Partial<Output>,
): Task | null {
  const output = task.outputs.find((candidate) => candidate.index === index)
  if (!output || !isPending(output)) return null
  return {
    ...task,
    outputs: task.outputs.map((other) =>
      other === output ? { ...output, ...changes(output) } : other,
    ),
  }
}
