/** Waking a task's runner on behalf of a request, which does not wait for it. */
import type { News } from '../core/news'
import type { Task } from '../core/task'
import type { Ports } from './ports'

/** @param task as it was just written or read */
export function wakeSoon(
  ports: Ports,
  task: Task,
  news: Omit<News, 'version' | 'task'> = {},
): void {
  ports.waitUntil(ports.wake(task.id, { ...news, version: task.version, task }))
}
