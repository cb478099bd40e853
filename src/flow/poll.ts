/**
 * Asking a provider how a job is doing.
 *
 * A pending answer writes nothing. An id that only a callback or an unclear answer named becomes the
 * attempt's own once the provider, asked with our key, knows it; the unique index on references keeps
 * one job from being claimed by two attempts.
 */
import { type OpenAttempt, referenceOf } from '../core/attempt'
import type { LookupOutcome, TaskEvent } from '../core/event'
import { SHORT_RETRY_AFTER_MS } from '../core/schedule'
import { isUniqueViolation } from '../db/database'
import { recordLookupPause } from '../db/moments'
import { lookUp } from './account'
import { isInAnswer, releaseAnswer } from './kept-answer'
import type { Session } from './session'

/** How long a lookup may take, with an answer that brings pictures, and its writing included. */
export const LOOKUP_LIMIT_MS = 90_000

export async function poll(session: Session, attempt: OpenAttempt): Promise<void> {
  const { ports, known, lookups } = session
  const startedAt = ports.now()
  const asked = referenceOf(attempt)
  if (asked === null) return
  lookups.begun(attempt)
  try {
    const outcome = await lookUp(ports, attempt, asked)
    if (outcome === null) return
    logNews(session, attempt, outcome, startedAt)
    if (outcome.type === 'unanswered' && outcome.retryAfterMs !== null) {
      await pauseLookups(session, attempt, outcome.retryAfterMs)
    }
    const isOwn = attempt.status === 'running' || (await confirm(session, attempt, asked, outcome))
    if (isOwn) {
      const event = eventOf(attempt, asked, outcome)
      // A finished job can be asked about again, so it is written together with its picture.
      if (event.type === 'finished') known.defer(event)
      else await known.settle(event)
    }
    if (outcome.type === 'finished' && outcome.urls.some(isInAnswer)) {
      await releaseAnswer(session, attempt.id)
    }
  } finally {
    lookups.ended(attempt)
  }
}

/**
 * Makes a claimed job, or one that was denied, the attempt's own if the provider knows it.
 *
 * @returns whether no other attempt has it
 */
async function confirm(
  { known }: Session,
  { id: attemptId }: OpenAttempt,
  asked: string,
  { type }: LookupOutcome,
): Promise<boolean> {
  if (type === 'missed' || type === 'unanswered') return true
  try {
    await known.settle({ type: 'accepted', attemptId, reference: asked, price: null })
    return true
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await known.settle({ type: 'unconfirmed', attemptId, asked })
    return false
  }
}

function eventOf({ id, misses }: OpenAttempt, asked: string, outcome: LookupOutcome): TaskEvent {
  return outcome.type === 'missed'
    ? { type: 'missed', attemptId: id, asked, missesBefore: misses }
    : { ...outcome, attemptId: id, asked }
}

/** A 429 to one lookup is meant for all: this isolate hears it now, the others from the next sweep. */
async function pauseLookups(
  { ports }: Session,
  { provider }: OpenAttempt,
  retryAfterMs: number,
): Promise<void> {
  const until = ports.now() + Math.min(retryAfterMs, SHORT_RETRY_AFTER_MS)
  const known = ports.isolate.lookupPauses.get(provider) ?? 0
  if (until <= known) return
  ports.isolate.lookupPauses.set(provider, until)
  await recordLookupPause(ports.database, provider, until)
}

function logNews(
  { ports, known }: Session,
  attempt: OpenAttempt,
  outcome: LookupOutcome,
  startedAt: number,
): void {
  if (outcome.type === 'pending' && outcome.note === null) return
  ports.log({
    event: 'poll',
    task: known.id,
    attempt: attempt.id,
    provider: attempt.provider,
    outcome: outcome.type,
    milliseconds: ports.now() - startedAt,
    ...(outcome.type === 'pending' && outcome.note ? { reason: outcome.note } : {}),
    ...(outcome.type === 'unanswered' ? { reason: outcome.reason } : {}),
  })
}
