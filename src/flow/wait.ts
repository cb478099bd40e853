/**
 * Waiting for a task, on behalf of `Prefer: wait`, `?wait` and the event stream alike.
 *
 * The task's runner holds the waiter and tells it of a change at once, so waiting costs one read
 * for each change, and one every ten seconds in case the runner was lost.
 */
import { isTerminal, type Task } from '../core/task'
import { loadTask } from '../db/tasks'
import type { Engine } from './engine'

const CHECK_INTERVAL_MS = 10_000
const FAILURE_PAUSE_MS = 1_000

/** The task as it is after its next change, or unchanged after `limitMs`, and ten seconds at most. */
export async function nextChange(engine: Engine, task: Task, limitMs: number): Promise<Task> {
  const waitMs = Math.min(limitMs, CHECK_INTERVAL_MS)
  const pause = () => engine.sleep(Math.min(waitMs, FAILURE_PAUSE_MS))
  await engine.untilPast(task.id, task.version, waitMs).catch(pause)
  try {
    return (await loadTask(engine.database, task.id)) ?? task
  } catch {
    // A task that was accepted must not look refused because one read of it failed.
    await pause()
    return task
  }
}

/** The task once it is terminal, or as it is after `seconds`. */
export async function untilOver(engine: Engine, task: Task, seconds: number): Promise<Task> {
  const endsAt = engine.now() + seconds * 1000
  let current = task
  while (!isTerminal(current) && engine.now() < endsAt) {
    current = await nextChange(engine, current, endsAt - engine.now())
  }
  return current
}
