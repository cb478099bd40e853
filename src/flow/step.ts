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
import { erase } from './erase'
import { LOOK_UP_LIMIT_MS, poll } from './poll'
import type { Ports } from './ports'
import { settle } from './settle'
import { store } from './store'
import { beginSubmissions } from './submit'

export interface StepResult {
  /** Something changed and more is due at once: worth another step without waiting for the cron. */
  goOn: boolean
  /** The task will never want a step again. */
  isOver: boolean
}

export async function step(ports: Ports, taskId: string, calls: Calls): Promise<StepResult> {
  const startedAt = ports.now()
  const found = await loadTask(ports.database, taskId)
  if (!found) return { goOn: false, isOver: true }
  let task = found
  if (task.deletedAt !== null) task = (await erase(ports, taskId)) ?? task
  if (ports.now() >= task.deadlineAt)
    task = (await settle(ports, taskId, { type: 'expired' })) ?? task
  task = await abandonLostSubmissions(ports, task)

  task = (await beginSubmissions(ports, task, calls)) ?? task
  beginLookUps(ports, task, calls)
  beginDownloads(ports, task, calls)
  await beginDeliveries(ports, task, calls)

  ports.tell(task)
  const milliseconds = ports.now() - startedAt
  ports.log({ event: 'step', task: taskId, outcome: task.status, milliseconds })
  const dueAt = computeDueAt(task, ports.now())
  return {
    goOn: dueAt !== null && dueAt <= ports.now() && task.version !== found.version,
    isOver: dueAt === null,
  }
}

/** A submission whose lease ran out was begun by a run that died: nobody knows how it ended. */
async function abandonLostSubmissions(ports: Ports, task: Task): Promise<Task> {
  let current = task
  for (const attempt of task.attempts) {
    if (attempt.status !== 'submitting' || attempt.leaseUntil > ports.now()) continue
    const failure = { code: 'interrupted', message: 'the gateway was interrupted while submitting' }
    const lost = {
      type: 'lost',
      attemptId: attempt.id,
      failure,
      cause: 'gateway',
      hint: null,
    } as const
    current = (await settle(ports, task.id, lost)) ?? current
  }
  return current
}

function beginLookUps(ports: Ports, task: Task, calls: Calls): void {
  for (const attempt of task.attempts) {
    if (!isLookUpDue(attempt, ports.now())) continue
    // A hint is followed, and the last look made, although a look-up has only just ended.
    const occasion = `${attempt.hint ?? ''} ${isLastLook(task, ports.now()) ? 'last' : ''}`
    const name = `look up ${attempt.id} ${occasion}`
    const ask = () => poll(ports, task.id, attempt)
    calls.begin(name, LOOK_UP_LIMIT_MS, ask, lookUpPauseMs(task))
  }
}

function beginDownloads(ports: Ports, task: Task, calls: Calls): void {
  for (const output of task.outputs) {
    if (!isPending(output) || output.retryAt > ports.now()) continue
    const limitMs = downloadTimeoutMs(output.faults) + LOOK_UP_LIMIT_MS
    calls.begin(`store ${output.index}`, limitMs, () => store(ports, task.id, output.index))
  }
}
