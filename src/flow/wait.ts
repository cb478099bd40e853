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

/** What is followed is looked at this often, whether it is told of or not. */
export const CHECK_INTERVAL_MS = 10_000
const FAILURE_PAUSE_MS = 1_000

/**
 * The task as it is now, then after each change, and every ten seconds without one, until it is over.
 *
 * Who stops early has to end the iteration, which leaves the runner.
 */
export async function* follow(
  ports: Ports,
  task: Task,
  limitMs: number,
): AsyncGenerator<Task, void> {
  yield task
  if (isTerminal(task)) return
  for await (const current of look(ports, task, limitMs, ({ version }) => version)) {
    yield current
    if (isTerminal(current)) return
  }
}

/** The task once it is terminal, or as it is after `seconds`. What it goes through meanwhile is not told. */
export async function untilOver(ports: Ports, task: Task, seconds: number): Promise<Task> {
  if (isTerminal(task) || seconds <= 0) return task
  let current = task
  for await (current of look(ports, task, seconds * 1000, () => UNTIL_OVER)) {
    if (isTerminal(current)) break
  }
  return current
}

/**
 * The task as often as it is read: when its runner tells, and every ten seconds.
 *
 * @param pastOf the version past which the runner has something to tell
 */
async function* look(
  ports: Ports,
  task: Task,
  limitMs: number,
  pastOf: (task: Task) => number,
): AsyncGenerator<Task, void> {
  const endsAt = ports.now() + limitMs
  const leaving = new AbortController()
  let current = task
  let news: Promise<void> | null = null
  try {
    while (ports.now() < endsAt) {
      // A runner that is lost, as by a deployment, is as good as news: the database is asked.
      news ??= ports.untilPast(task.id, pastOf(current), leaving.signal).catch(() => undefined)
      const check = ports.sleep(Math.min(endsAt - ports.now(), CHECK_INTERVAL_MS))
      const isNews = await Promise.race([news.then(() => true), check.then(() => false)])
      const { version } = current
      current = await lookAgain(ports, current, endsAt)
      if (isNews) {
        news = null
        if (current.version === version) await pause(ports, endsAt)
      }
      yield current
    }
  } finally {
    leaving.abort()
  }
}

async function lookAgain(ports: Ports, task: Task, endsAt: number): Promise<Task> {
  try {
    return (await loadTask(ports.database, task.id)) ?? task
  } catch {
    // A task that was accepted must not look refused because one read of it failed.
    await pause(ports, endsAt)
    return task
  }
}

/** What went wrong is not tried again at once. */
function pause(ports: Ports, endsAt: number): Promise<void> {
  return ports.sleep(Math.min(endsAt - ports.now(), FAILURE_PAUSE_MS))
}

/** After its deadline a task is settled by its runner at once, or by the cron within a minute. */
const SETTLED_WITHIN_MS = 90_000

/** The task once it is terminal, which is soon after its deadline at the latest. */
export function untilSettled(ports: Ports, task: Task): Promise<Task> {
  const limitMs = task.deadlineAt + SETTLED_WITHIN_MS - ports.now()
  return untilOver(ports, task, limitMs / 1000)
}
