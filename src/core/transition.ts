/**
 * The one place that knows which status may follow which.
 *
 * `decide` is pure: the same task, event and time always give the same next task. It returns
 * null when the event changes nothing, so late, doubled and impossible events are harmless.
 * Invariants: a terminal status never changes; a slot gets one picture; every task that is not
 * terminal has a due time.
 */
import { type Attempt, type AttemptFailure, isAwaited, isLive, isOpen, NO_JOB } from './attempt'
import { applyToAttempt, giveUp } from './attempt-transition'
import type { NewAttempt, TaskEvent } from './event'
import { failureOf } from './failure'
import { nextPurchase, nextPurchaseAt, roomForSubmissions } from './plan'
import {
  computeDueAt,
  downloadBackoffMs,
  ERASE_AGAIN_MS,
  LOST_WAKE_MS,
  RECOVERY_WINDOW_MS,
} from './schedule'
import { fitsReservation, heldUsd } from './spending'
import { isPending, isTerminal, type Output, storedOutputs, type Task } from './task'

/** The task after the event, one version later, or null when the event has no effect. */
export function decide(task: Task, event: TaskEvent, now: number): Task | null {
  const changed = apply(task, event, now)
  if (changed === null) return null
  const concluded = conclude(changed, now)
  const dueAt = computeDueAt(concluded, task.dueAt, now)
  const next = {
    ...concluded,
    version: task.version + 1,
    dueAt: event.type === 'hinted' ? soonest(dueAt, now + LOST_WAKE_MS) : dueAt,
    reservedUsd: heldUsd(concluded),
  }
  // A callback for a job that is about to be looked up says nothing new.
  return changed === task && next.dueAt === task.dueAt ? null : next
}

/** A callback's wake may get lost; while the task is due soon anyway, it is made no sooner. */
function soonest(dueAt: number | null, hintedDueAt: number): number {
  return dueAt === null ? hintedDueAt : Math.min(dueAt, hintedDueAt)
}

function apply(task: Task, event: TaskEvent, now: number): Task | null {
  if (task.deletedAt !== null && !concernsDeleted(event)) return null
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
    case 'outdated':
      return isTerminal(task) ? outdate(task) : null
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

/** What is left of a deleted task is its pictures, until they are gone, and the ledger. */
function concernsDeleted({ type }: TaskEvent): boolean {
  return type === 'erased' || type === 'charge_settled'
}

/** A picture that the end of its task overtook came after it, whatever the clock said. */
function storedAt({ completedAt }: Task, time: number): number {
  return completedAt === null ? time : Math.max(time, completedAt + 1)
}

function open(task: Task, attempts: NewAttempt[], now: number): Task | null {
  if (isTerminal(task) || now >= task.deadlineAt) return null
  const purchase = nextPurchase(task, now)
  const at = nextPurchaseAt(task, now)
  if (at === null || at > now || attempts.length > roomForSubmissions(task)) return null
  const fits = attempts.every(
    (attempt) =>
      attempt.candidate === purchase?.position &&
      attempt.indexes.every((index) => purchase.indexes.includes(index)),
  )
  if (!fits || attempts.length === 0) return null
  const opened = attempts.reduce(buy(now), task)
  return { ...opened, status: 'processing' }
}

/** Records a submission: to be sent, or refused here if it would cost more than is reserved. */
function buy(now: number): (task: Task, attempt: NewAttempt) => Task {
  return (task, attempt) => {
    const facts = { ...attempt, job: NO_JOB, lookUpAt: now, misses: 0 }
    const next: Attempt = fitsReservation(task, attempt.price)
      ? { ...facts, status: 'submitting', charged: 'unknown', failure: null, endedAt: null }
      : { ...facts, status: 'rejected', charged: 'no', failure: TOO_DEAR, endedAt: now }
    return { ...task, attempts: [...task.attempts, next] }
  }
}

const TOO_DEAR: AttemptFailure = {
  code: 'spend_limit_exceeded',
  message: "was not asked: it would cost more than is reserved of the key's spend limit",
  cause: 'gateway',
  retryAt: null,
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
    }
  }
  const isOutOfTime = ({ lookUpAt, endedAt }: Attempt) =>
    now >= Math.max(task.deadlineAt, lookUpAt, endedAt ?? 0) + RECOVERY_WINDOW_MS
  const late = task.attempts.filter(isOutOfTime)
  const attempts = late.filter(isLive).filter(isOpen)
  const outputs = task.outputs.filter(
    (output) => isPending(output) && late.some(({ id }) => id === output.attemptId),
  )
  if (attempts.length + outputs.length === 0) return null
  return {
    ...task,
    attempts: task.attempts.map((item) =>
      isOpen(item) && attempts.includes(item) ? giveUp(item, now) : item,
    ),
    outputs: task.outputs.map((item) =>
      outputs.includes(item) ? { ...item, sourceUrl: null } : item,
    ),
  }
}

/** A webhook may still be owed, or be asked for once more, so its address stays. */
function outdate(task: Task): Task {
  const cleared = clearTexts(task)
  const { callback_url } = task.request
  const request = { ...cleared.request, ...(callback_url === undefined ? {} : { callback_url }) }
  return { ...cleared, request, outputs: [] }
}

/** Leaves nothing of what the client said or got, and of the attempts what the ledger needs. */
function forget(task: Task, now: number): Task {
  const cleared = clearTexts(task)
  const outputs = task.outputs.length > 0 ? task.outputs : unheardOf(task, now)
  return {
    ...cleared,
    deletedAt: now,
    error: null,
    outputs: outputs.map((output) => ({ ...output, sourceUrl: null, lastFault: null })),
    attempts: cleared.attempts.map((attempt) =>
      isOpen(attempt) && isLive(attempt) ? giveUp(attempt, now) : attempt,
    ),
  }
}

/** A run may have died between putting a picture and saying so: a slot keeps the task due for the bucket to be emptied. */
function unheardOf({ attempts }: Task, now: number): Output[] {
  const attempt = attempts.find(({ status }) => status !== 'rejected')
  if (!attempt) return []
  const [index = 0] = attempt.indexes
  const { id: attemptId } = attempt
  return [
    { index, attemptId, sourceUrl: null, faults: 0, lastFault: null, retryAt: now, picture: null },
  ]
}

/** Without what the client said, and without messages, which may quote it. */
function clearTexts(task: Task): Task {
  const { model, n } = task.request
  return {
    ...task,
    request: { model, n },
    error: task.error && { ...task.error, message: '' },
    attempts: task.attempts.map(
      (attempt): Attempt =>
        attempt.failure === null
          ? attempt
          : { ...attempt, failure: { ...attempt.failure, message: '' } },
    ),
  }
}

/**
 * Drops the slots whose pictures were removed.
 *
 * Those of a deleted task stay, empty, for as long as a write that was given up may still arrive.
 */
function clearOutputs(task: Task, now: number): Task | null {
  const mayStillCome = task.deletedAt !== null && now < task.deletedAt + ERASE_AGAIN_MS
  if (!mayStillCome) return task.outputs.length === 0 ? null : { ...task, outputs: [] }
  const isEmpty = storedOutputs(task).length === 0
  const outputs = task.outputs.map((output) => ({ ...output, picture: null }))
  return isEmpty ? null : { ...task, outputs }
}

/** Ends the task once all pictures are stored, or once nothing can bring the missing ones. */
function conclude(task: Task, now: number): Task {
  if (isTerminal(task)) return task
  if (storedOutputs(task).length === task.request.n) {
    return { ...task, completedAt: now, status: 'succeeded' }
  }
  const canStillSucceed =
    task.attempts.some(isAwaited) ||
    task.outputs.some(isPending) ||
    nextPurchase(task, now) !== null
  return canStillSucceed
    ? task
    : { ...task, completedAt: now, status: 'failed', error: failureOf(task) }
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
