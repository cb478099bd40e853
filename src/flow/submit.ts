/**
 * Spending money, once.
 *
 * Invariant: intent before money. An attempt is recorded as `submitting` before its POST leaves,
 * and only the run that recorded it sends it.
 */
import type { NewAttempt, TaskEvent } from '../core/event'
import { nextSubmission, nextSubmissionAt } from '../core/plan'
import type { ImageRequest, Task } from '../core/task'
import { PROVIDERS } from '../providers'
import { offer, splitCalls, withoutAuto } from '../providers/offer'
import type { Submission } from '../providers/provider'
import { accountOf, toldPrice } from './account'
import { callbackUrl } from './callback-url'
import type { Engine } from './engine'
import { settle } from './settle'
import { store } from './store'

/** Six connections of one invocation may wait at once; one is left for downloads. */
const SIDE_BY_SIDE_MAX = 5
/** Beyond the time-out of the call itself: time to save its outcome. */
const LEASE_GRACE_MS = 90_000

/**
 * Records the submissions that the task wants now.
 *
 * @returns those that this run, and no other, must send.
 */
export async function openAttempts(engine: Engine, task: Task): Promise<NewAttempt[]> {
  const submission = nextSubmission(task)
  const now = engine.now()
  if (!submission || (nextSubmissionAt(task) ?? now) > now) return []

  const { candidate, position } = submission
  const provider = PROVIDERS[candidate.provider]
  const { creditUsd } = engine.settings.providers[candidate.provider]
  const attempts: NewAttempt[] = []
  let start = 0
  for (const count of splitCalls(submission.indexes.length, provider.imagesPerCall)) {
    if (attempts.length === SIDE_BY_SIDE_MAX) break
    const request = { ...task.request, model: candidate.model, n: count }
    attempts.push({
      id: engine.newId('att'),
      provider: candidate.provider,
      model: candidate.model,
      candidate: position,
      indexes: submission.indexes.slice(start, start + count),
      awaitsCallback: provider.finishesBy === 'callback',
      price: offer(provider, request, creditUsd).price,
      startedAt: now,
      leaseUntil: now + provider.submitTimeoutMs + LEASE_GRACE_MS,
    })
    start += count
  }
  const won = await settle(engine, task.id, { type: 'opened', attempts })
  return won ? attempts : []
}

/** Sends one recorded attempt and settles its outcome; a finished picture is stored at once. */
export async function submit(engine: Engine, task: Task, attempt: NewAttempt): Promise<void> {
  const outcome = await send(engine, task.request, attempt)
  engine.log({
    event: 'submit',
    task: task.id,
    attempt: attempt.id,
    provider: attempt.provider,
    outcome: outcome.kind,
  })
  await settle(engine, task.id, eventOf(engine, attempt, outcome))
  if (outcome.kind === 'finished') {
    await Promise.all(attempt.indexes.map((index) => store(engine, task.id, index)))
  }
}

async function send(
  engine: Engine,
  taskRequest: ImageRequest,
  attempt: NewAttempt,
): Promise<Submission> {
  const provider = PROVIDERS[attempt.provider]
  const account = accountOf(engine, attempt.provider)
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
    ? await callbackUrl(engine.settings, attempt.provider, attempt.id)
    : undefined
  return provider.submit(request, account, callback)
}

function eventOf(engine: Engine, attempt: NewAttempt, outcome: Submission): TaskEvent {
  const attemptId = attempt.id
  switch (outcome.kind) {
    case 'accepted': {
      const { pollIntervalMs } = PROVIDERS[attempt.provider]
      const price = toldPrice(engine, attempt.provider, outcome.credits)
      return { type: 'accepted', attemptId, reference: outcome.reference, price, pollIntervalMs }
    }
    case 'finished': {
      const price = toldPrice(engine, attempt.provider, outcome.credits)
      return { type: 'finished', attemptId, urls: outcome.urls, price }
    }
    case 'refused': {
      const { failure, cause } = outcome
      return { type: 'refused', attemptId, failure, cause }
    }
    case 'rate_limited': {
      const { failure, retryAfterMs } = outcome
      return { type: 'rate_limited', attemptId, failure, retryAfterMs }
    }
    case 'unknown':
      return { type: 'lost', attemptId, failure: outcome.failure }
  }
}
