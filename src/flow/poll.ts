/**
 * Asking a provider how a job is doing.
 *
 * A pending answer writes nothing. An id that only a callback or an unclear answer named becomes the
 * attempt's own once the provider, asked with our key, knows it; the unique index on references keeps
 * one job from being claimed by two attempts.
 */
import type { TaskEvent } from '../core/event'
import { jobToAskFor } from '../core/schedule'
import type { Attempt } from '../core/task'
import { isUniqueViolation } from '../db/database'
import type { Observation } from '../providers/provider'
import { lookUp, pollInterval, toldPrice } from './account'
import type { Ports } from './ports'
import { settle } from './settle'

/** How long a look-up may take, its writing included. */
export const LOOK_UP_LIMIT_MS = 30_000

export async function poll(ports: Ports, taskId: string, attempt: Attempt): Promise<void> {
  const startedAt = ports.now()
  const reference = jobToAskFor(attempt)
  const observation = reference === null ? null : await lookUp(ports, attempt, reference)
  if (reference === null || observation === null) return
  logNews(ports, taskId, attempt, observation, startedAt)
  if (
    attempt.status !== 'running' &&
    !(await bind(ports, taskId, attempt, reference, observation))
  ) {
    return
  }
  const event = eventOf(ports, attempt, reference, observation)
  if (event) await settle(ports, taskId, event)
}

/**
 * Makes a hinted reference, or one given up, the attempt's own if the provider confirms it.
 *
 * @returns whether no other attempt has it
 */
async function bind(
  ports: Ports,
  taskId: string,
  attempt: Attempt,
  reference: string,
  observation: Observation,
): Promise<boolean> {
  if (observation.kind === 'missing' || observation.kind === 'unavailable') return true
  const pollIntervalMs = pollInterval(attempt.provider)
  const attemptId = attempt.id
  try {
    await settle(ports, taskId, {
      type: 'accepted',
      attemptId,
      reference,
      price: null,
      pollIntervalMs,
    })
    return true
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await settle(ports, taskId, { type: 'unconfirmed', attemptId, asked: reference })
    return false
  }
}

function eventOf(
  ports: Ports,
  attempt: Attempt,
  asked: string,
  observation: Observation,
): TaskEvent | null {
  const attemptId = attempt.id
  switch (observation.kind) {
    case 'pending':
      return attempt.misses > 0 || attempt.hint ? { type: 'pending', attemptId, asked } : null
    case 'missing':
      return { type: 'missed', attemptId, asked, missesBefore: attempt.misses }
    case 'unavailable':
      return attempt.misses > 0 || observation.retryAfterMs !== null
        ? { type: 'unanswered', attemptId, asked, retryAfterMs: observation.retryAfterMs }
        : null
    case 'finished': {
      const price = toldPrice(ports, attempt.provider, observation.credits)
      return { type: 'finished', attemptId, asked, urls: observation.urls, price }
    }
    case 'failed': {
      const { failure, cause, charged } = observation
      const price = toldPrice(ports, attempt.provider, observation.credits)
      return { type: 'failed', attemptId, asked, failure, cause, charged, price }
    }
  }
}

function logNews(
  ports: Ports,
  taskId: string,
  attempt: Attempt,
  observation: Observation,
  startedAt: number,
): void {
  if (observation.kind === 'pending' && observation.note === null) return
  ports.log({
    event: 'poll',
    task: taskId,
    attempt: attempt.id,
    provider: attempt.provider,
    outcome: observation.kind,
    milliseconds: ports.now() - startedAt,
    ...(observation.kind === 'pending' && observation.note ? { reason: observation.note } : {}),
    ...(observation.kind === 'unavailable' ? { reason: observation.reason } : {}),
  })
}
