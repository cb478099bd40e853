/** Applying an event to a task from outside its runner: by a client, a callback or the cron. */
import type { TaskEvent } from '../core/event'
import type { Task } from '../core/task'
import { KnownTask } from './known-task'
import type { Ports } from './ports'
import { wakeSoon } from './wake'

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

/**
 * The same for a task as it was just loaded, after which its runner is told of the task as it is now: also where
 * nothing changed, as when the write was applied and its answer got lost.
 */
export async function settleAndWake(
  ports: Ports,
  task: Task,
  event: TaskEvent,
  news: Parameters<typeof wakeSoon>[2] = {},
): Promise<void> {
  const known = new KnownTask(ports, task.id)
  known.hear(task.version, task)
  await known.settle(event)
  wakeSoon(ports, known.current ?? task, news)
}
