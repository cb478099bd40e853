/**
 * A client deletes a task: its pictures, prompt and references go, the ledger's row stays.
 *
 * Invariant: the row is cleared first. What fails after that is done by the task's runner.
 */
import { type Result, refuse, success } from '../core/result'
import { isTerminal, type Task } from '../core/task'
import { erase } from './erase'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { settleAndWake } from './settle'

export async function forget(
  ports: Ports,
  task: Task,
): Promise<Result<null, Refusal<'task_not_terminal'>>> {
  if (!isTerminal(task)) return refuse({ code: 'task_not_terminal' })
  await settleAndWake(ports, task, { type: 'deleted' }, { mayDeliver: true })
  await erase(ports, task).catch(() => undefined)
  return success(null)
}
