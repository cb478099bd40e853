/**
 * Spending money, once.
 *
 * Invariant: intent before money. An attempt is recorded as `submitting` before its POST leaves,
 * and only the run that recorded it sends it.
 */
import type { NewAttempt, SubmissionOutcome } from '../core/event'
import { nextPurchase, nextPurchaseAt, type Purchase, roomForSubmissions } from '../core/plan'
import type { TaskRequest } from '../core/request'
import { isTerminal, type Task } from '../core/task'
import { PROVIDERS } from '../providers'
import { offer, splitCalls, withoutAuto } from '../providers/offer'
import { accountOf } from './account'
import type { Answer } from './answers'
import { callbackUrl } from './callback-url'
import type { Calls } from './calls'
import type { Ports } from './ports'
import type { Session } from './session'

/** Beyond the time-out of the call itself: time to save its outcome. */
const LEASE_GRACE_MS = 90_000
/** What the record and the writing of the outcome take beyond the call, as a rule. */
const WRITING_MS = 30_000
/** What took longer to record is not sent: too little of the lease's grace is left for its outcome. */
const SEND_WITHIN_MS = 30_000

/** Records the submissions that the task wants now, and begins to send them. */
export async function beginSubmissions(session: Session, task: Task, calls: Calls): Promise<void> {
  const { ports, known } = session
  const now = ports.now()
  const purchase = nextPurchase(task, now)
  const at = nextPurchaseAt(task, now)
  if (!purchase || at === null || at > now) return
  const { submitTimeoutMs } = PROVIDERS[purchase.candidate.provider]
  if (!calls.haveTimeFor(submitTimeoutMs + WRITING_MS)) return

  const attempts = planAttempts(ports, task, purchase, now)
  await known.settle({ type: 'opened', attempts })
  const recorded = await known.load()
  if (!recorded || !isRecorded(recorded, attempts)) return
  // The database may have kept its answer back, even until the task was over.
  const sendBy = Math.min(recorded.deadlineAt, now + SEND_WITHIN_MS)
  const isTooLate = isTerminal(recorded) || ports.now() >= sendBy
  const settleOne = isTooLate ? withdraw : submit
  for (const attempt of attempts) {
    calls.begin(`submit ${attempt.id}`, () => settleOne(session, recorded, attempt))
  }
}

/** One attempt for each call that the provider needs for the wanted slots, as far as there is room. */
function planAttempts(ports: Ports, task: Task, purchase: Purchase, now: number): NewAttempt[] {
  const { candidate, position, indexes } = purchase
  const provider = PROVIDERS[candidate.provider]
  const { creditUsd } = ports.settings.providers[candidate.provider]
  const counts = splitCalls(indexes.length, provider.imagesPerCall)
  let start = 0
  return counts.slice(0, roomForSubmissions(task)).map((count) => {
    const request = { ...task.request, model: candidate.model, n: count }
    const own = indexes.slice(start, start + count)
    start += count
    return {
      id: ports.newId('att'),
      provider: candidate.provider,
      model: candidate.model,
      candidate: position,
      indexes: own,
      isSynchronous: provider.finishesBy === 'response',
      awaitsCallback: provider.finishesBy === 'callback',
      price: offer(provider, request, creditUsd).price,
      startedAt: now,
      leaseUntil: now + provider.submitTimeoutMs + LEASE_GRACE_MS,
    }
  })
}

/** Only this run knows these ids; the write may be applied although its answer got lost. */
function isRecorded(task: Task, attempts: readonly NewAttempt[]): boolean {
  return task.attempts.some(({ id }) => id === attempts[0]?.id)
}

/** What was recorded too late is not sent, so it costs nothing. */
async function withdraw(session: Session, _: Task, { id }: NewAttempt): Promise<void> {
  await keepAndSettle(session, { type: 'withdrawn', attemptId: id })
}

/** Sends one recorded attempt and settles its outcome. */
async function submit(session: Session, task: Task, attempt: NewAttempt): Promise<void> {
  const { ports, lookups } = session
  const outcome = await send(ports, task.request, attempt)
  ports.log({
    event: 'submit',
    task: task.id,
    attempt: attempt.id,
    provider: attempt.provider,
    outcome: outcome.type,
    milliseconds: ports.now() - attempt.startedAt,
  })
  if (outcome.type === 'accepted') lookups.accepted(attempt.id)
  await keepAndSettle(session, { ...outcome, attemptId: attempt.id })
}

/** What may be paid for is in the runner's own storage before the database is asked to take it. */
async function keepAndSettle({ ports, known, answers }: Session, answer: Answer): Promise<void> {
  const isKept = await answers.keep(answer)
  if (!isKept) ports.log({ event: 'keep_failed', task: known.id, attempt: answer.attemptId })
  // A kept answer with pictures is written together with the first of them.
  if (isKept && answer.type === 'finished') known.defer(answer)
  else await answers.settle(known, answer)
}

async function send(
  ports: Ports,
  taskRequest: TaskRequest,
  attempt: NewAttempt,
): Promise<SubmissionOutcome> {
  const provider = PROVIDERS[attempt.provider]
  const account = accountOf(ports, attempt.provider)
  if (!account) {
    const failure = { code: 'not_configured', message: 'its API key is no longer set' }
    return { type: 'refused', failure, cause: 'provider' }
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
