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
import type { Ports } from './ports'

/** How long the database may be in trouble: about six seconds, or about ten minutes. */
const TRIES_MAX = { brief: 7, stubborn: 67 } as const
const BACKOFF_FIRST_MS = 100
const BACKOFF_MAX_MS = 10_000
/** Far more than the events that can meet; beyond it something is wrong. */
const LOST_RACES_MAX = 100

/**
 * Applies an event to a task.
 *
 * @param persistence `stubborn` for what was paid for and is known nowhere else.
 * @returns the changed task, or null when the event changes nothing or there is no such task.
 * @throws the database's error once all tries are used up, at once for a reference already taken.
 */
export async function settle(
  ports: Ports,
  taskId: string,
  event: TaskEvent,
  persistence: keyof typeof TRIES_MAX = 'brief',
): Promise<Task | null> {
  let errors = 0
  for (let lostRaces = 0; lostRaces <= LOST_RACES_MAX; ) {
    try {
      const before = await loadTask(ports.database, taskId)
      const after = before && decide(before, event, ports.now())
      if (!before || !after) return null
      if (await saveTransition(ports.database, before, after, deliveryOf(ports, before, after))) {
        ports.tell(after)
        if (before.status !== after.status) {
          ports.log({ event: 'task', task: taskId, outcome: after.status })
        }
        return after
      }
      lostRaces++
    } catch (error) {
      if (errors + 1 >= TRIES_MAX[persistence] || isUniqueViolation(error)) throw error
      ports.log({ event: 'settle_retry', task: taskId, outcome: event.type })
      await ports.sleep(Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** errors))
      errors++
    }
  }
  throw new Error('A task kept changing while an event was applied to it.')
}

function deliveryOf(ports: Ports, before: Task, after: Task): NewDelivery | null {
  const event = announcementOf(before, after)
  if (!event || !after.request.callback_url) return null
  return { id: ports.newId('msg'), taskVersion: after.version, event, createdAt: ports.now() }
}
