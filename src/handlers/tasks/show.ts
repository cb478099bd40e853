/** A task as its reader may see it: the operator sees whose it is. */
import type { Task } from '../../core/task'
import type { Ports } from '../../flow/ports'
import { taskJson } from '../../flow/task-json'
import type { TaskJson } from '../../wire/task'
import type { Callers } from '../auth'

export async function showTask(
  { settings, now }: Ports,
  caller: Callers['reader'],
  task: Task,
): Promise<TaskJson> {
  const json = await taskJson(settings, task, now())
  return caller.kind === 'admin' ? { ...json, key_id: task.keyId } : json
}
