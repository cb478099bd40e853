/** How far the sweep is behind, and since when there is something to sweep. */
import { asc, isNotNull, min } from 'drizzle-orm'
import type { Database } from './database'
import { deliveries, keys, tasks } from './schema'

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

/** When the first key was made, and with it the first task could be; null while there is none. */
export async function firstKeyAt(database: Database): Promise<number | null> {
  const [key] = await database
    .select({ at: keys.createdAt })
    .from(keys)
    .orderBy(asc(keys.id))
    .limit(1)
  return key?.at ?? null
}
