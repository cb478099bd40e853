/**
 * Waiting for a task, on behalf of `Prefer: wait`, `?wait` and the event stream alike.
 *
 * The task's runner tells the waiter at once (`audience.ts`), so waiting costs one read of what is waited
 * for, and one every ten seconds in case the runner was lost.
 */
import { isTerminal, type Task } from '../core/task'
import { loadTask } from '../db/tasks'
import { UNTIL_OVER } from './audience'
import type { Ports } from './ports'

const CHECK_INTERVAL_MS = 10_000
const FAILURE_PAUSE_MS = 1_000

/** The task as it is after its next change, or unchanged after `limitMs`. */
export function nextChange(ports: Ports, task: Task, limitMs: number): Promise<Task> {
  const { version } = task
  return watch(ports, task, limitMs, version, (current) => current.version !== version)
}

/** The task once it is terminal, or as it is after `seconds`. What it goes through meanwhile is not told. */
export function untilOver(ports: Ports, task: Task, seconds: number): Promise<Task> {
  return watch(ports, task, seconds * 1000, UNTIL_OVER, isTerminal)
}

/** @param past the version past which the runner has something to tell */
async function watch(
  ports: Ports,
  task: Task,
  limitMs: number,
  past: number,
  isAwaited: (task: Task) => boolean,
): Promise<Task> {
  const endsAt = ports.now() + limitMs
  const leaving = new AbortController()
  let current = task
  let news: Promise<void> | null = null
  while (!isAwaited(current) && ports.now() < endsAt) {
    news ??= untilNews(ports, task, past, leaving.signal)
    const check = ports.sleep(Math.min(endsAt - ports.now(), CHECK_INTERVAL_MS))
    const isNews = await Promise.race([news.then(() => true), check.then(() => false)])
    current = await lookAgain(ports, current, endsAt)
    // Who was told is not listened for any more.
    if (isNews) news = null
  }
  leaving.abort()
  return current
}

/** Returns a little later where the runner was lost, so that it is not asked again at once. */
function untilNews(ports: Ports, { id }: Task, past: number, leaving: AbortSignal): Promise<void> {
  return ports.untilPast(id, past, leaving).catch(() => ports.sleep(FAILURE_PAUSE_MS))
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

/** After its deadline a task is settled by its runner at once, or by the cron within a minute. */
const SETTLED_WITHIN_MS = 90_000

/** The task once it is terminal, which is soon after its deadline at the latest. */
export function untilSettled(ports: Ports, task: Task): Promise<Task> {
  const limitMs = task.deadlineAt + SETTLED_WITHIN_MS - ports.now()
  return untilOver(ports, task, limitMs / 1000)
}
