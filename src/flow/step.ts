/**
 * One step of a task: whatever its state calls for now. Runs in the task's runner only.
 *
 * First what was deleted, what has expired, and submissions that a crashed run left behind. Then
 * everything slow is begun: new submissions, lookups, downloads, webhooks. A step waits for none
 * of these.
 */
import { canBeLookedUp, isLeaseOver, isOpen } from '../core/attempt'
import { nextPurchaseAt } from '../core/plan'
import { downloadTimeoutMs, eraseAt } from '../core/schedule'
import { isPending, isTerminal, type Task } from '../core/task'
import type { Calls } from './calls'
import { beginDeliveries } from './deliver'
import { removeAnswers, removePictures } from './erase'
import { LOOKUP_LIMIT_MS, poll } from './poll'
import type { Session } from './session'
import { store } from './store'
import { beginSubmissions, submitName, takeUpAnswers } from './submit'

/** What was found out and can be found out again is written after this long, whatever else comes. */
const DEFER_MAX_MS = 2_000

/** @returns when the next step is due, infinity when only a call or a wake can bring one, null when the task is over. */
export async function step(session: Session, calls: Calls): Promise<number | null> {
  const { known } = session
  if ((await known.load()) === null) return null
  await settleOverdue(session, calls)

  await withTask(session, (task) => beginSubmissions(session, task, calls))
  await withTask(session, (task) => beginLookups(session, task, calls))
  await withTask(session, (task) => beginDownloads(session, task, calls))
  await withTask(session, (task) => beginDeliveries(session, task, calls))

  const task = await known.load()
  if (!task) return null
  if (task.dueAt !== null || !calls.areOver) return nextStepAt(session, task, calls)
  // One may have been kept by a run that had not heard of the deletion yet.
  if (task.deletedAt !== null) await removeAnswers(session.ports, task)
  return null
}

async function withTask(
  { known }: Session,
  work: (task: Task) => void | Promise<void>,
): Promise<void> {
  const task = await known.load()
  if (task) await work(task)
}

/** What time alone made due, and what an earlier run of this runner left. */
async function settleOverdue(session: Session, calls: Calls): Promise<void> {
  const { ports, known } = session
  await session.answers.settleAll(known)
  if (known.hasDeferred) session.deferredSince ??= ports.now()
  else session.deferredSince = null
  if (session.deferredSince !== null && ports.now() >= session.deferredSince + DEFER_MAX_MS) {
    await known.settle(null)
  }
  await withTask(session, async (task) => {
    const at = eraseAt(task)
    if (at === null || at > ports.now()) return
    await removePictures(ports, task)
    await known.settle({ type: 'erased' })
  })
  await withTask(session, async ({ deadlineAt }) => {
    if (ports.now() >= deadlineAt) await known.settle({ type: 'expired' })
  })
  await withTask(session, (task) => takeUpAnswers(session, task, calls))
  await withTask(session, (task) => abandonLostSubmissions(session, task))
}

/** A submission whose lease ran out was begun by a run that died: nobody knows how it ended. */
async function abandonLostSubmissions({ ports, known }: Session, task: Task): Promise<void> {
  for (const { id: attemptId } of task.attempts.filter((it) => isLeaseOver(it, ports.now()))) {
    const failure = { code: 'interrupted', message: 'the gateway was interrupted while submitting' }
    await known.settle({ type: 'lost', attemptId, failure, cause: 'gateway', claim: null })
  }
}

const lookupName = (attemptId: string): string => `look up ${attemptId}`
const storeName = (index: number): string => `store ${index}`

function beginLookups(session: Session, task: Task, calls: Calls): void {
  for (const attempt of task.attempts.filter(isOpen)) {
    const name = lookupName(attempt.id)
    if (!canBeLookedUp(attempt) || calls.isUnderWay(name)) continue
    if (session.lookups.nextAt(task, attempt) > session.ports.now()) continue
    if (calls.haveTimeFor(LOOKUP_LIMIT_MS)) calls.begin(name, () => poll(session, attempt))
  }
}

function beginDownloads(session: Session, task: Task, calls: Calls): void {
  for (const output of task.outputs) {
    const name = storeName(output.index)
    if (!isPending(output) || calls.isUnderWay(name)) continue
    if (output.retryAt > session.ports.now()) continue
    const limitMs = downloadTimeoutMs(output.faults) + LOOKUP_LIMIT_MS
    if (calls.haveTimeFor(limitMs)) calls.begin(name, () => store(session, output.index))
  }
}

/** What is under way needs no time of its own: its end is followed by a step. */
function nextStepAt(session: Session, task: Task, calls: Calls): number {
  const times: number[] = []
  for (const attempt of task.attempts) {
    if (attempt.status === 'submitting' && !calls.isUnderWay(submitName(attempt.id))) {
      times.push(attempt.leaseUntil)
    }
    if (canBeLookedUp(attempt) && !calls.isUnderWay(lookupName(attempt.id))) {
      times.push(session.lookups.nextAt(task, attempt))
    }
  }
  for (const output of task.outputs) {
    if (isPending(output) && !calls.isUnderWay(storeName(output.index))) times.push(output.retryAt)
  }
  if (task.deletedAt !== null) times.push(eraseAt(task) ?? Number.POSITIVE_INFINITY)
  if (!isTerminal(task)) {
    const purchaseAt = nextPurchaseAt(task, session.ports.now())
    times.push(task.deadlineAt, purchaseAt ?? Number.POSITIVE_INFINITY)
  }
  if (session.known.hasDeferred) {
    times.push((session.deferredSince ?? session.ports.now()) + DEFER_MAX_MS)
  }
  return Math.min(Number.POSITIVE_INFINITY, ...times)
}
