/**
 * Spending money, once.
 *
 * Invariant: intent before money. An attempt is recorded as `submitting` before its POST leaves,
 * and only the run that recorded it sends it.
 */
import { type Attempt, isUnanswered } from '../core/attempt'
import { attemptIdOf } from '../core/attempt-id'
import type { NewAttempt, SubmissionOutcome } from '../core/event'
import { nextPurchase, nextPurchaseAt, type Purchase, roomForSubmissions } from '../core/plan'
import type { ImageRequest, TaskRequest } from '../core/request'
import { isTerminal, type Task } from '../core/task'
import { outputKey } from '../outputs/bucket'
import { PROVIDERS } from '../providers'
import { offer, splitCalls, withoutAuto } from '../providers/offer'
import { accountOf, callFor } from './account'
import type { Answer } from './answers'
import { callbackUrl } from './callback-url'
import type { Calls } from './calls'
import { dropAnswer, findAnswer, isInAnswer, releaseAnswer } from './kept-answer'
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
  if (!recorded) return
  const own = attempts.filter(({ id }) => isToBeSent(recorded, id))
  // The database may have kept its answer back, even until the task was over.
  const sendBy = Math.min(recorded.deadlineAt, now + SEND_WITHIN_MS)
  const isTooLate = isTerminal(recorded) || ports.now() >= sendBy
  const settleOne = isTooLate ? withdraw : submit
  for (const attempt of own) {
    calls.begin(submitName(attempt.id), () => settleOne(session, recorded, attempt))
  }
}

/** One attempt for each call that the provider needs for the wanted slots, as far as there is room. */
function planAttempts(ports: Ports, task: Task, purchase: Purchase, now: number): NewAttempt[] {
  const { candidate, indexes } = purchase
  const provider = PROVIDERS[candidate.provider]
  const { creditUsd } = ports.settings.providers[candidate.provider]
  const counts = splitCalls(indexes.length, provider.imagesPerCall)
  let start = 0
  return counts.slice(0, roomForSubmissions(task)).map((count, position) => {
    const request = { ...task.request, model: candidate.model, n: count }
    const own = indexes.slice(start, start + count)
    start += count
    return {
      id: attemptIdOf(task.id, task.attempts.length + position, ports.newId('att')),
      provider: candidate.provider,
      model: candidate.model,
      candidate: purchase.position,
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
function isToBeSent(task: Task, attemptId: string): boolean {
  return task.attempts.some((attempt) => attempt.id === attemptId && isUnanswered(attempt))
}

/** What was recorded too late is not sent, so it costs nothing. */
async function withdraw(session: Session, _: Task, { id }: NewAttempt): Promise<void> {
  await keepAndSettle(session, { type: 'withdrawn', attemptId: id })
}

/** Sends one recorded attempt and settles its outcome. */
async function submit(session: Session, task: Task, attempt: NewAttempt): Promise<void> {
  const { ports, lookups, emptyKeys } = session
  for (const index of attempt.indexes) emptyKeys.add(outputKey(task.id, attempt.id, index))
  const sent = await send(ports, task.request, attempt)
  // Its answer may have been kept before what came then went wrong.
  const outcome = (sent.type === 'lost' && (await readKept(ports, task.request, attempt))) || sent
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
async function keepAndSettle(session: Session, answer: Answer): Promise<void> {
  const { ports, known, answers } = session
  const isKept = await answers.keep(answer)
  if (!isKept) ports.log({ event: 'keep_failed', task: known.id, attempt: answer.attemptId })
  // A kept answer with pictures is written together with the first of them.
  if (isKept && answer.type === 'finished') known.defer(answer)
  else await answers.settle(known, answer)
  if (answer.type === 'finished' && answer.urls.some(isInAnswer)) {
    await releaseAnswer(session, answer.attemptId)
  }
}

async function send(
  ports: Ports,
  taskRequest: TaskRequest,
  attempt: NewAttempt,
): Promise<SubmissionOutcome> {
  const provider = PROVIDERS[attempt.provider]
  const callback = attempt.awaitsCallback
    ? await callbackUrl(ports.settings, attempt.provider, attempt.id)
    : undefined
  const request = requestOf(taskRequest, attempt)
  const outcome = await callFor(ports, attempt, (account) =>
    provider.submit(request, account, callback),
  )
  const failure = { code: 'not_configured', message: 'its API key is no longer set' }
  return outcome ?? { type: 'refused', failure, cause: 'provider' }
}

function requestOf(
  taskRequest: TaskRequest,
  { model, indexes }: Pick<Attempt, 'model' | 'indexes'>,
): ImageRequest {
  return withoutAuto({ ...taskRequest, model, n: indexes.length })
}

/** Takes up the kept answers to submissions whose run died before it knew them. */
export async function takeUpAnswers(session: Session, task: Task, calls: Calls): Promise<void> {
  for (const attempt of task.attempts) {
    if (attempt.status !== 'submitting' || calls.isUnderWay(submitName(attempt.id))) continue
    const outcome = await readKept(session.ports, task.request, attempt)
    if (outcome) await keepAndSettle(session, { ...outcome, attemptId: attempt.id })
  }
}

/**
 * The outcome of a submission whose answer was kept for the pictures in it; null where none was.
 *
 * It is read as if it came now: the same call, answered from the bucket, so that nothing leaves.
 */
async function readKept(
  ports: Ports,
  taskRequest: TaskRequest,
  attempt: Pick<Attempt, 'id' | 'provider' | 'model' | 'indexes' | 'isSynchronous'>,
): Promise<SubmissionOutcome | null> {
  const account = accountOf(ports, attempt.provider)
  // Others can be asked for the job.
  if (!attempt.isSynchronous || !account) return null
  const text = await findAnswer(ports, attempt.id)
  if (text === null) return null
  const answered = { fetch: async () => new Response(), readAnswer: async () => text }
  const request = requestOf(taskRequest, attempt)
  const outcome = await PROVIDERS[attempt.provider].submit(
    request,
    { ...account, ...answered },
    undefined,
  )
  if (outcome.type === 'finished') return outcome
  await dropAnswer(ports, attempt.id)
  return null
}

export const submitName = (attemptId: string): string => `submit ${attemptId}`
