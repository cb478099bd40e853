/**
 * One step of a task: whatever its state calls for now. Runs in the task's runner only.
 *
 * Expired deadlines first, then submissions that a crashed run left behind, then everything that
 * can go on side by side: new submissions, look-ups, downloads. Webhooks last, so that they tell
 * what this step brought.
 */
import { computeDueAt } from '../core/schedule'
import { type Attempt, isPending, type Task } from '../core/task'
import { loadTask } from '../db/tasks'
import { deliverDue } from './deliver'
import { type Engine, kindOf } from './engine'
import { erase } from './erase'
import { poll } from './poll'
import { settle } from './settle'
import { store } from './store'
import { openAttempts, submit } from './submit'

export interface StepResult {
  /** Something changed and more is due at once: worth another step without waiting for the cron. */
  goOn: boolean
  /** The task will never want a step again. */
  isOver: boolean
}

/** @param begin is given each slow call, a submission or a webhook; none of them rejects */
export async function step(
  engine: Engine,
  taskId: string,
  maySubmit: boolean,
  begin: (call: Promise<void>) => void,
): Promise<StepResult> {
  const startedAt = engine.now()
  const found = await loadTask(engine.database, taskId)
  if (!found) return { goOn: false, isOver: true }
  if (found.deletedAt !== null) await erase(engine, taskId)
  const isExpired = engine.now() >= found.deadlineAt
  const inTime = (isExpired && (await settle(engine, taskId, { type: 'expired' }))) || found
  const task = await abandonLostSubmissions(engine, inTime)

  const opened = maySubmit ? await openAttempts(engine, task) : []
  for (const attempt of opened) begin(logged(engine, taskId, submit(engine, task, attempt)))
  const lookUps = task.attempts.filter(needsLookUp)
  const downloads = task.outputs.filter(
    (output) => isPending(output) && output.retryAt <= engine.now(),
  )
  await Promise.all([
    ...lookUps.map((attempt) => logged(engine, taskId, poll(engine, task.id, attempt))),
    ...downloads.map((output) => logged(engine, taskId, store(engine, task.id, output.index))),
  ])

  const after = await loadTask(engine.database, taskId)
  if (!after) return { goOn: false, isOver: true }
  engine.tell(after)
  for (const delivery of await deliverDue(engine, after)) begin(delivery)
  const milliseconds = engine.now() - startedAt
  engine.log({ event: 'step', task: taskId, outcome: after.status, milliseconds })
  const dueAt = computeDueAt(after, engine.now())
  return {
    goOn: dueAt !== null && dueAt <= engine.now() && after.version !== found.version,
    isOver: dueAt === null,
  }
}

/** One failing branch must not cut off another one's paid call. */
async function logged(engine: Engine, taskId: string, branch: Promise<void>): Promise<void> {
  try {
    await branch
  } catch (error) {
    const reason = kindOf(error)
    engine.log({ event: 'step_failed', task: taskId, reason })
  }
}

/** A submission whose lease ran out was begun by a run that died: nobody knows how it ended. */
async function abandonLostSubmissions(engine: Engine, task: Task): Promise<Task> {
  let current = task
  for (const attempt of task.attempts) {
    if (attempt.status !== 'submitting' || attempt.leaseUntil > engine.now()) continue
    const failure = { code: 'interrupted', message: 'the gateway was interrupted while submitting' }
    const lost = { type: 'lost', attemptId: attempt.id, failure } as const
    current = (await settle(engine, task.id, lost)) ?? current
  }
  return current
}

function needsLookUp(attempt: Attempt): boolean {
  return attempt.status === 'running' || (attempt.status === 'unknown' && attempt.hint !== null)
}
