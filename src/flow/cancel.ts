/**
 * A client takes its task back.
 *
 * Invariant: only while it is queued. Once a provider was asked the picture is paid for, and no
 * provider can cancel.
 */
import { type Result, refuse, success } from '../core/result'
import type { Task } from '../core/task'
import { loadTask } from '../db/tasks'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { settle } from './settle'
import { wakeSoon } from './wake'

export async function cancel(
  ports: Ports,
  task: Task,
): Promise<Result<Task, Refusal<'task_not_cancelable'>>> {
  const canceled =
    (await settle(ports, task.id, { type: 'canceled' }, task)) ?? (await findCanceled(ports, task))
  if (!canceled) return refuse({ code: 'task_not_cancelable' })
  wakeSoon(ports, canceled, { mayDeliver: true })
  return success(canceled)
}

/** The write may be applied although its answer got lost: what was queued a moment ago is canceled. */
async function findCanceled(ports: Ports, before: Task): Promise<Task | null> {
  if (before.status !== 'queued') return null
  const task = await loadTask(ports.database, before.id)
  return task?.status === 'canceled' ? task : null
}
