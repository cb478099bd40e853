/**
 * The tally of this isolate, and who an operation is charged to.
 *
 * The Worker and its Durable Objects share one isolate here, so one tally sees them all.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Counts, noScopedCounts, type Scope } from './counts'

export const tally = noScopedCounts()

const scopes = new AsyncLocalStorage<Scope>()

/** Whatever the work does, and causes later, is charged to the scope. */
export function charge<T>(scope: Scope, work: () => T): T {
  return scopes.run(scope, work)
}

/** Outside of a request and of the cron, only runners are at work. */
export function count(name: keyof Counts, by = 1): void {
  tally[scopes.getStore() ?? 'runner'][name] += by
}

const since = new Map<string, { callers: number; at: number }>()

/**
 * Times an object's activity: overlapping work counts once.
 *
 * An open WebSocket is none where the object may hibernate, nor is the while before it does:
 * developers.cloudflare.com/durable-objects/platform/pricing says that an idle object which could hibernate
 * is not billed, even before it has. What could not, such as a timer left behind, is not seen here.
 */
export async function whileActive<T>(objectId: string, work: () => Promise<T>): Promise<T> {
  const activity = since.get(objectId) ?? { callers: 0, at: Date.now() }
  since.set(objectId, activity)
  activity.callers++
  try {
    return await work()
  } finally {
    activity.callers--
    if (activity.callers === 0) {
      since.delete(objectId)
      tally.runner.activeMs += Date.now() - activity.at
    }
  }
}
