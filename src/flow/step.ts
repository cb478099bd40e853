/**
 * One step of a task: whatever its state calls for now. Runs in the task's runner only.
 *
 * First what was deleted, what has expired, and submissions that a crashed run left behind. Then
 * everything slow is begun: new submissions, look-ups, downloads, webhooks. A step waits for none
 * of these.
 */
import {
  computeDueAt,
  downloadTimeoutMs,
  isLastLook,
  isLookUpDue,
  lookUpPauseMs,
} from '../core/schedule'
import { isPending, type Task } from '../core/task'
import { loadTask } from '../db/tasks'
import type { Calls } from './calls'
import { beginDeliveries } from './deliver'
import type { Engine } from './engine'
import { erase } from './erase'
import { LOOK_UP_LIMIT_MS, poll } from './poll'
import { settle } from './settle'
import { store } from './store'
import { beginSubmissions } from './submit'

export interface StepResult {
  /** Something changed and more is due at once: worth another step without waiting for the cron. */
  goOn: boolean
  /** The task will never want a step again. */
  isOver: boolean
}

export async function step(engine: Engine, taskId: string, calls: Calls): Promise<StepResult> {
  const startedAt = engine.now()
  const found = await loadTask(engine.database, taskId)
  if (!found) return { goOn: false, isOver: true }
  let task = found
  if (task.deletedAt !== null) task = (await erase(engine, taskId)) ?? task
  if (engine.now() >= task.deadlineAt)
    task = (await settle(engine, taskId, { type: 'expired' })) ?? task
  task = await abandonLostSubmissions(engine, task)

  task = (await beginSubmissions(engine, task, calls)) ?? task
  beginLookUps(engine, task, calls)
  beginDownloads(engine, task, calls)
  await beginDeliveries(engine, task, calls)

  engine.tell(task)
  const milliseconds = engine.now() - startedAt
  engine.log({ event: 'step', task: taskId, outcome: task.status, milliseconds })
  const dueAt = computeDueAt(task, engine.now())
  return {
    goOn: dueAt !== null && dueAt <= engine.now() && task.version !== found.version,
    isOver: dueAt === null,
  }
}

/** A submission whose lease ran out was begun by a run that died: nobody knows how it ended. */
async function abandonLostSubmissions(engine: Engine, task: Task): Promise<Task> {
  let current = task
  for (const attempt of task.attempts) {
    if (attempt.status !== 'submitting' || attempt.leaseUntil > engine.now()) continue
    const failure = { code: 'interrupted', message: 'the gateway was interrupted while submitting' }
    const lost = {
      type: 'lost',
      attemptId: attempt.id,
      failure,
      cause: 'gateway',
      hint: null,
    } as const
    current = (await settle(engine, task.id, lost)) ?? current
  }
  return current
}

function beginLookUps(engine: Engine, task: Task, calls: Calls): void {
  for (const attempt of task.attempts) {
    if (!isLookUpDue(attempt, engine.now())) continue
    // A hint is followed, and the last look made, although a look-up has only just ended.
    const occasion = `${attempt.hint ?? ''} ${isLastLook(task, engine.now()) ? 'last' : ''}`
    const name = `look up ${attempt.id} ${occasion}`
    const ask = () => poll(engine, task.id, attempt)
    calls.begin(name, LOOK_UP_LIMIT_MS, ask, lookUpPauseMs(task))
  }
}

function beginDownloads(engine: Engine, task: Task, calls: Calls): void {
  for (const output of task.outputs) {
    if (!isPending(output) || output.retryAt > engine.now()) continue
    const limitMs = downloadTimeoutMs(output.faults) + LOOK_UP_LIMIT_MS
    calls.begin(`store ${output.index}`, limitMs, () => store(engine, task.id, output.index))
  }
}
