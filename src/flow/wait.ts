/**
 * Waiting for a task, on behalf of `Prefer: wait`, `?wait` and the event stream alike.
 *
 * The task's runner tells the waiter of a change at once (`audience.ts`), so waiting costs one read
 * for each change, and one every ten seconds in case the runner was lost.
 */
import { isTerminal, type Task } from '../core/task'
import { loadTask } from '../db/tasks'
import type { Ports } from './ports'

const CHECK_INTERVAL_MS = 10_000
const FAILURE_PAUSE_MS = 1_000

/** The task as it is after its next change, or unchanged after `limitMs`. */
export async function nextChange(ports: Ports, task: Task, limitMs: number): Promise<Task> {
  const endsAt = ports.now() + limitMs
  const leaving = new AbortController()
  let current = task
  let news: Promise<void> | null = null
  while (current.version === task.version && ports.now() < endsAt) {
    news ??= untilNews(ports, task, leaving.signal)
    const check = ports.sleep(Math.min(endsAt - ports.now(), CHECK_INTERVAL_MS))
    const isNews = await Promise.race([news.then(() => true), check.then(() => false)])
    current = await lookAgain(ports, task, endsAt)
    // Who was told is not listened for any more.
    if (isNews) news = null
  }
  leaving.abort()
  return current
}

/** Returns a little later where the runner was lost, so that it is not asked again at once. */
function untilNews(ports: Ports, { id, version }: Task, leaving: AbortSignal): Promise<void> {
  return ports.untilPast(id, version, leaving).catch(() => ports.sleep(FAILURE_PAUSE_MS))
}

async function lookAgain(ports: Ports, task: Task, endsAt: number): Promise<Task> {
  try {
    return (await loadTask(ports.database, task.id)) ?? task
  } catch {
    // A task that was accepted must not look refused because one read of it failed.
    await ports.sleep(Math.min(endsAt - ports.now(), FAILURE_PAUSE_MS))
    return task
  }
}

/** The task once it is terminal, or as it is after `seconds`. */
export async function untilOver(ports: Ports, task: Task, seconds: number): Promise<Task> {
  const endsAt = ports.now() + seconds * 1000
  let current = task
  while (!isTerminal(current) && ports.now() < endsAt) {
    current = await nextChange(ports, current, endsAt - ports.now())
  }
  return current
}

/** After its deadline a task is settled by its runner at once, or by the cron within a minute. */
const SETTLED_WITHIN_MS = 90_000

/** The task once it is terminal, which is soon after its deadline at the latest. */
export function untilSettled(ports: Ports, task: Task): Promise<Task> {
  const limitMs = task.deadlineAt + SETTLED_WITHIN_MS - ports.now()
  return untilOver(ports, task, limitMs / 1000)
}
