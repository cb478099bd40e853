/**
 * Spending money, once.
 *
 * Invariant: intent before money. An attempt is recorded as `submitting` before its POST leaves,
 * and only the run that recorded it sends it.
 */
import type { NewAttempt, TaskEvent } from '../core/event'
import { nextSubmission, nextSubmissionAt, roomForSubmissions } from '../core/plan'
import { type ImageRequest, isTerminal, type Task } from '../core/task'
import { isUniqueViolation } from '../db/database'
import { loadTask } from '../db/tasks'
import { PROVIDERS } from '../providers'
import { offer, splitCalls, withoutAuto } from '../providers/offer'
import type { Submission } from '../providers/provider'
import { accountOf, pollInterval, toldPrice } from './account'
import { callbackUrl } from './callback-url'
import type { Calls } from './calls'
import type { Ports } from './ports'
import { settle } from './settle'

/** Beyond the time-out of the call itself: time to save its outcome. */
const LEASE_GRACE_MS = 90_000
/** What the record and the writing of the outcome take beyond the call, as a rule. */
const WRITING_MS = 30_000
/** What took longer to record is not sent: too little of the lease's grace is left for its outcome. */
const SEND_WITHIN_MS = 30_000

/**
 * Records the submissions that the task wants now, and begins to send them.
 *
 * @returns the task with them, or null when there are none to make.
 */
export async function beginSubmissions(
  ports: Ports,
  task: Task,
  calls: Calls,
): Promise<Task | null> {
  const submission = nextSubmission(task)
  const now = ports.now()
  const at = nextSubmissionAt(task)
  if (!submission || at === null || at > now) return null

  const { candidate, position } = submission
  const provider = PROVIDERS[candidate.provider]
  if (!calls.haveTimeFor(provider.submitTimeoutMs + WRITING_MS)) return null
  const { creditUsd } = ports.settings.providers[candidate.provider]
  const attempts: NewAttempt[] = []
  let start = 0
  const counts = splitCalls(submission.indexes.length, provider.imagesPerCall)
  for (const count of counts.slice(0, roomForSubmissions(task))) {
    const request = { ...task.request, model: candidate.model, n: count }
    attempts.push({
      id: ports.newId('att'),
      provider: candidate.provider,
      model: candidate.model,
      candidate: position,
      indexes: submission.indexes.slice(start, start + count),
      isSynchronous: provider.finishesBy === 'response',
      awaitsCallback: provider.finishesBy === 'callback',
      price: offer(provider, request, creditUsd).price,
      startedAt: now,
      leaseUntil: now + provider.submitTimeoutMs + LEASE_GRACE_MS,
    })
    start += count
  }
  const won = await settle(ports, task.id, { type: 'opened', attempts })
  const recorded = won ?? (await findRecorded(ports, task.id, attempts))
  if (!recorded) return null
  // The database may have kept its answer back, even until the task was over.
  const sendBy = Math.min(recorded.deadlineAt, now + SEND_WITHIN_MS)
  const isTooLate = isTerminal(recorded) || ports.now() >= sendBy
  const settleOne = isTooLate ? withdraw : submit
  for (const attempt of attempts) {
    calls.start(`submit ${attempt.id}`, () => settleOne(ports, recorded, attempt))
  }
  return recorded
}

/** A write may be applied although its answer got lost; only this run knows these ids. */
async function findRecorded(
  ports: Ports,
  taskId: string,
  attempts: readonly NewAttempt[],
): Promise<Task | null> {
  const stored = await loadTask(ports.database, taskId)
  return stored?.attempts.some(({ id }) => id === attempts[0]?.id) ? stored : null
}

/** What was recorded too late is not sent, so it costs nothing. */
async function withdraw(ports: Ports, task: Task, { id }: NewAttempt): Promise<void> {
  await settle(ports, task.id, { type: 'withdrawn', attemptId: id }, 'stubborn')
}

/** Sends one recorded attempt and settles its outcome. */
async function submit(ports: Ports, task: Task, attempt: NewAttempt): Promise<void> {
  const outcome = await send(ports, task.request, attempt)
  ports.log({
    event: 'submit',
    task: task.id,
    attempt: attempt.id,
    provider: attempt.provider,
    outcome: outcome.kind,
    milliseconds: ports.now() - attempt.startedAt,
  })
  await settleOutcome(ports, task.id, attempt, outcome)
}

/** The answer may be paid for: it is written however long the database is in trouble. */
async function settleOutcome(
  ports: Ports,
  taskId: string,
  attempt: NewAttempt,
  outcome: Submission,
): Promise<void> {
  try {
    await settle(ports, taskId, eventOf(ports, attempt, outcome), 'stubborn')
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const message = 'it answered with the id of another job'
    const failure = { code: 'duplicate_reference', message }
    const duplicate = { kind: 'unknown', failure, reference: null } as const
    await settle(ports, taskId, eventOf(ports, attempt, duplicate), 'stubborn')
  }
}

async function send(
  ports: Ports,
  taskRequest: ImageRequest,
  attempt: NewAttempt,
): Promise<Submission> {
  const provider = PROVIDERS[attempt.provider]
  const account = accountOf(ports, attempt.provider)
  if (!account) {
    const failure = { code: 'not_configured', message: 'its API key is no longer set' }
    return { kind: 'refused', failure, cause: 'provider' }
  }
  const request = withoutAuto({
    ...taskRequest,
    model: attempt.model,
    n: attempt.indexes.length,
  })
  const callback = attempt.awaitsCallback
    ? await callbackUrl(ports.settings, attempt.provider, attempt.id)
    : undefined
  return provider.submit(request, account, callback)
}

function eventOf(ports: Ports, attempt: NewAttempt, outcome: Submission): TaskEvent {
  const attemptId = attempt.id
  switch (outcome.kind) {
    case 'accepted': {
      const pollIntervalMs = pollInterval(attempt.provider)
      const price = toldPrice(ports, attempt.provider, outcome.credits)
      return { type: 'accepted', attemptId, reference: outcome.reference, price, pollIntervalMs }
    }
    case 'finished': {
      const price = toldPrice(ports, attempt.provider, outcome.credits)
      return { type: 'finished', attemptId, asked: null, urls: outcome.urls, price }
    }
    case 'refused': {
      const { failure, cause } = outcome
      return { type: 'refused', attemptId, failure, cause }
    }
    case 'rate_limited': {
      const { failure, retryAfterMs } = outcome
      return { type: 'rate_limited', attemptId, failure, retryAfterMs }
    }
    case 'unknown': {
      const { failure, reference } = outcome
      return { type: 'lost', attemptId, failure, cause: 'provider', hint: reference }
    }
  }
}
