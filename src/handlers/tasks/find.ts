/**
 * The task that a path names, for who may see it.
 *
 * Invariant: a task of another key, a deleted one and one that never was give the same answer.
 */
import type { Task } from '../../core/task'
import { loadTask } from '../../db/tasks'
import type { Ports } from '../../flow/ports'
import { type ApiError, taskNotFound } from '../errors'

/** @param keyId whose tasks may be seen; null: everyone's */
export async function findTask(
  { database }: Ports,
  id: string,
  keyId: string | null,
): Promise<Task | ApiError<'task_not_found'>> {
  const task = await loadTask(database, id)
  const isVisible = task?.deletedAt === null && (keyId === null || keyId === task.keyId)
  return isVisible ? task : taskNotFound()
}
