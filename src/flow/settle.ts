/**
 * The one door: load, decide, write if nobody was faster, else decide again.
 *
 * Invariant: no other code writes a task. The webhook that a transition owes is part of the same
 * write, so a status and its announcement can't come apart.
 */
import { announcementOf } from '../core/announcement'
import type { TaskEvent } from '../core/event'
import type { Task } from '../core/task'
import { decide } from '../core/transition'
import { isUniqueViolation } from '../db/database'
import { loadTask, type NewDelivery, saveTransition } from '../db/tasks'
import type { Engine } from './engine'

/** A paid answer must not be dropped because the database hiccups: the tries span about a minute. */
const TRIES_MAX = 12
const BACKOFF_FIRST_MS = 50
const BACKOFF_MAX_MS = 10_000

/**
 * Applies an event to a task.
 *
 * @returns the changed task, or null when the event changes nothing or there is no such task.
 * @throws the database's error once all tries are used up, at once for a reference already taken.
 */
export async function settle(
  engine: Engine,
  taskId: string,
  event: TaskEvent,
): Promise<Task | null> {
  for (let tries = 1; ; tries++) {
    try {
      const before = await loadTask(engine.database, taskId)
      if (!before) return null
      const after = decide(before, event, engine.now())
      if (!after) return null
      if (await saveTransition(engine.database, before, after, deliveryOf(engine, before, after))) {
        if (before.status !== after.status) {
          engine.log({ event: 'task', task: taskId, outcome: after.status })
        }
        return after
      }
    } catch (error) {
      if (tries >= TRIES_MAX || isUniqueViolation(error)) throw error
      engine.log({ event: 'settle_retry', task: taskId, outcome: event.type })
      await engine.sleep(Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** tries))
    }
  }
}

function deliveryOf(engine: Engine, before: Task, after: Task): NewDelivery | null {
  const event = announcementOf(before, after)
  if (!event || !after.request.callback_url) return null
  return { id: engine.newId('msg'), event, createdAt: engine.now() }
}
