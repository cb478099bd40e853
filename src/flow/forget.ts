/**
 * A client deletes a task: its pictures, prompt and references go, the ledger's row stays.
 *
 * Invariant: the row is cleared first. What fails after that is done by the task's runner.
 */
import { type Result, refuse, success } from '../core/result'
import { isTerminal, type Task } from '../core/task'
import { loadTask } from '../db/tasks'
import { erase } from './erase'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { settle } from './settle'
import { wakeSoon } from './wake'

export async function forget(
  ports: Ports,
  task: Task,
): Promise<Result<null, Refusal<'task_not_terminal'>>> {
  if (!isTerminal(task)) return refuse({ code: 'task_not_terminal' })
  // The write may be applied although its answer got lost: the runner must not be told of the task before it.
  const forgotten =
    (await settle(ports, task.id, { type: 'deleted' }, task)) ??
    (await loadTask(ports.database, task.id).catch(() => null))
  wakeSoon(ports, forgotten ?? task, { mayDeliver: true })
  await erase(ports, task).catch(() => undefined)
  return success(null)
}
