/** Applying an event to a task from outside its runner: by a client, a callback or the cron. */
import type { TaskEvent } from '../core/event'
import type { Task } from '../core/task'
import { KnownTask } from './known-task'
import type { Ports } from './ports'

/**
 * @param known the task as it was just loaded, which saves a load
 * @returns the changed task, or null when the event changes nothing or there is no such task.
 */
export function settle(
  ports: Ports,
  taskId: string,
  event: TaskEvent,
  known: Task | null = null,
): Promise<Task | null> {
  const task = new KnownTask(ports, taskId)
  if (known) task.hear(known.version, known)
  return task.settle(event)
}
