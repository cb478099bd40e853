/** How far the sweep is behind. */
import { isNotNull, min } from 'drizzle-orm'
import type { Database } from './database'
import { deliveries, tasks } from './schema'

/** Since when the oldest task or webhook is due, perhaps in the future; null when none ever will be. */
export async function oldestDueAt(database: Database): Promise<number | null> {
  const [[task], [delivery]] = await database.batch([
    database
      .select({ at: min(tasks.dueAt) })
      .from(tasks)
      .where(isNotNull(tasks.dueAt)),
    database
      .select({ at: min(deliveries.nextTryAt) })
      .from(deliveries)
      .where(isNotNull(deliveries.nextTryAt)),
  ])
  const times = [task?.at, delivery?.at].filter((at) => typeof at === 'number')
  return times.length === 0 ? null : Math.min(...times)
}
