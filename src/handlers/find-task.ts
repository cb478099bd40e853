/**
 * The task that a path names, for who may see it.
 *
 * Invariant: a task of another key, a deleted one and one that never was give the same answer.
 */
import type { Task } from '../core/task'
import { loadTask } from '../db/tasks'
import { mayRead, type Principal } from './auth'
import type { AppContext } from './context'
import { taskNotFound } from './errors'

/** @throws ApiError 404 */
export async function findTask(c: AppContext, principal: Principal): Promise<Task> {
  const task = await loadTask(c.get('ports').database, c.req.param('id') ?? '')
  if (!task || task.deletedAt !== null || !mayRead(principal, task)) throw taskNotFound()
  return task
}
