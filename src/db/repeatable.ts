/** Tasks by what they were asked for, where their idempotency key says it. */
import { and, desc, eq, gt, gte, isNull, lt, or } from 'drizzle-orm'
import type { Database } from './database'
import { tasks } from './schema'

/**
 * The newest tasks whose idempotency key begins with the prefix, ended since then or open.
 *
 * One range of the index `tasks_idempotency`.
 */
export async function listRepeatable(
  database: Database,
  keyId: string,
  prefix: string,
  since: number,
  limit: number,
): Promise<string[]> {
  const rows = await database
    .select({ id: tasks.id })
    .from(tasks)
    .where(
      and(
        eq(tasks.keyId, keyId),
        gt(tasks.idempotencyKey, prefix),
        lt(tasks.idempotencyKey, `${prefix}~`),
        or(isNull(tasks.completedAt), gte(tasks.completedAt, since)),
      ),
    )
    .orderBy(desc(tasks.idempotencyKey))
    .limit(limit)
  return rows.map(({ id }) => id)
}
