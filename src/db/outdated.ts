/** Tasks that are older than what is kept, the oldest first. */
import { and, asc, gte, lt, sql } from 'drizzle-orm'
import type { Database } from './database'
import { tasks } from './schema'
import { firstIdAt, timeOfId } from './task-ids'

/** What one search looks at. */
const LOOKED_AT_MAX = 1_000

export interface OutdatedTasks {
  /** Those that still hold what the client said. */
  ids: string[]
  /** No task older than this is left once these are cleared. */
  reachedAt: number
}

/** @param from no older task is left */
export async function findOutdatedTasks(
  database: Database,
  from: number,
  before: number,
  limit: number,
): Promise<OutdatedTasks> {
  const said = sql`json_remove(${tasks.request}, '$.model', '$.n', '$.callback_url')`
  const found = await database
    .select({ id: tasks.id, isCleared: sql<0 | 1>`${said} = '{}'` })
    .from(tasks)
    .where(and(gte(tasks.id, firstIdAt(from)), lt(tasks.id, firstIdAt(before))))
    .orderBy(asc(tasks.id))
    .limit(LOOKED_AT_MAX)
  const left = found.filter(({ isCleared }) => isCleared === 0).map(({ id }) => id)
  const ids = left.slice(0, limit)
  const last = ids.length < left.length ? ids.at(-1) : found.at(LOOKED_AT_MAX - 1)?.id
  return { ids, reachedAt: last === undefined ? before : timeOfId(last) }
}
