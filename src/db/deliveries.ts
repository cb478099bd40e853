/**
 * The webhook outbox: hand out what is due, record what came of it.
 *
 * Invariant: a claim is one atomic statement, so a try is made by one run only; a run that dies
 * leaves its claim to expire, and the next one sends the same message under the same id.
 */
import { and, asc, desc, eq, isNotNull, lte } from 'drizzle-orm'
import type { Task } from '../core/task'
import type { Database } from './database'
import { selectSecrets, toSecrets } from './rotations'
import { deliveries } from './schema'

export type Delivery = typeof deliveries.$inferSelect

/** What a delivery needs to be sent: itself, and the secrets that sign it now. */
export interface ClaimedDeliveries {
  deliveries: Delivery[]
  secrets: string[]
}

/** Claims a task's due deliveries until `claimedUntil`. */
export async function claimDeliveries(
  database: Database,
  { id: taskId, keyId }: Pick<Task, 'id' | 'keyId'>,
  now: number,
  claimedUntil: number,
): Promise<ClaimedDeliveries> {
  const [claimed, secretRows] = await database.batch([
    database
      .update(deliveries)
      .set({
        nextTryAt: claimedUntil,
        triedAt: now,
        responseStatus: null,
        fault: null,
      })
      .where(and(eq(deliveries.taskId, taskId), lte(deliveries.nextTryAt, now)))
      .returning(),
    selectSecrets(database, keyId, now),
  ])
  return { deliveries: claimed, secrets: toSecrets(secretRows, now) }
}

/** What a try changes. */
export type TryResult = Pick<Delivery, 'nextTryAt' | 'deliveredAt' | 'responseStatus' | 'fault'>

/** Records and counts a try, unless another one was begun since: one that died does not count. */
export async function recordTry(
  database: Database,
  delivery: Delivery,
  result: TryResult,
): Promise<void> {
  await database
    .update(deliveries)
    .set({ ...result, tries: delivery.tries + 1 })
    .where(
      and(
        eq(deliveries.taskId, delivery.taskId),
        eq(deliveries.taskVersion, delivery.taskVersion),
        eq(deliveries.triedAt, delivery.triedAt ?? 0),
      ),
    )
}

/** Tasks with a delivery that is due, longest overdue first. */
export async function tasksWithDueDeliveries(
  database: Database,
  now: number,
  limit: number,
): Promise<string[]> {
  const rows = await database
    .select({ taskId: deliveries.taskId })
    .from(deliveries)
    .where(lte(deliveries.nextTryAt, now))
    .orderBy(asc(deliveries.nextTryAt))
    .limit(limit)
  return [...new Set(rows.map(({ taskId }) => taskId))]
}

/** A task's deliveries, newest first. */
export async function listDeliveries(database: Database, taskId: string): Promise<Delivery[]> {
  return database
    .select()
    .from(deliveries)
    .where(eq(deliveries.taskId, taskId))
    .orderBy(desc(deliveries.taskVersion))
}

/** Starts a delivery's tries anew, under the same id. Null when the task has no such delivery. */
export async function restartDelivery(
  database: Database,
  taskId: string,
  id: string,
  now: number,
): Promise<Delivery | null> {
  const [delivery] = await database
    .update(deliveries)
    .set({ tries: 0, nextTryAt: now, deliveredAt: null, triedAt: null })
    .where(and(eq(deliveries.taskId, taskId), eq(deliveries.id, id)))
    .returning()
  return delivery ?? null
}

/** Gives up what is still owed for a task, because there is nowhere to send it any more. */
export async function abandonDeliveries(
  database: Database,
  taskId: string,
  fault: string,
): Promise<void> {
  await database
    .update(deliveries)
    .set({ nextTryAt: null, fault })
    .where(and(eq(deliveries.taskId, taskId), isNotNull(deliveries.nextTryAt)))
}
