/** Tasks by what they were asked for, where their idempotency key says it. */
import { and, desc, eq, gte, lt } from 'drizzle-orm'
import type { Database } from './database'
import { tasks } from './schema'

/**
 * The newest tasks whose idempotency key begins with the prefix, deleted ones included.
 *
 * One range of the index `tasks_idempotency`, from its end.
 */
export function listEqual(
  database: Database,
  keyId: string,
  prefix: string,
  limit: number,
): Promise<Array<{ id: string; completedAt: number | null }>> {
  return database
    .select({ id: tasks.id, completedAt: tasks.completedAt })
    .from(tasks)
    .where(
      and(
        eq(tasks.keyId, keyId),
        gte(tasks.idempotencyKey, prefix),
        lt(tasks.idempotencyKey, `${prefix}~`),
      ),
    )
    .orderBy(desc(tasks.idempotencyKey))
    .limit(limit)
}
