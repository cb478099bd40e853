/**
 * Tasks with their attempts and outputs: insert, load, save a transition, hand out what is due.
 *
 * Invariant: after its insert a task is changed by `saveTransition` only, a compare-and-set on the
 * version, all or nothing. Handing it out moves its due time and nothing else.
 */
import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { AnnouncementType } from '../core/announcement'
import { LAST_LOOK_MS } from '../core/schedule'
import type { Limits } from '../core/spending'
import type { Attempt, Output, Task } from '../core/task'
import { type Database, isUniqueViolation } from './database'
import { adjustHold, brokenLimit, countTask, type LimitName, type Window } from './limits'
import { toAttemptRow, toOutputRow, toTask } from './rows'
import { attempts, deliveries, outputs, tasks } from './schema'

/** The client's key and a hash of its request: who repeats both gets the same task. */
export interface Idempotency {
  key: string
  fingerprint: string
}

export type Insertion =
  | { kind: 'inserted'; window: Window | null }
  /** Its id or its idempotency key is taken. */
  | { kind: 'taken' }
  | { kind: 'over_limit'; limit: LimitName }

/** Inserts the task and counts it against its key's limits, or does neither. */
export async function insertTask(
  database: Database,
  task: Task,
  idempotency: Idempotency | null,
  limits: Limits,
): Promise<Insertion> {
  const { attempts: _, outputs: __, ...row } = task
  const insert = database.insert(tasks).values({
    ...row,
    idempotencyKey: idempotency?.key ?? null,
    fingerprint: idempotency?.fingerprint ?? null,
  })
  try {
    const count = countTask(database, task, limits)
    if (!count) {
      await insert
      return { kind: 'inserted', window: null }
    }
    const [[window]] = await database.batch([count, insert])
    return { kind: 'inserted', window: window ?? null }
  } catch (error) {
    if (isUniqueViolation(error)) return { kind: 'taken' }
    const limit = brokenLimit(error)
    if (limit) return { kind: 'over_limit', limit }
    throw error
  }
}

export async function findIdempotentTask(
  database: Database,
  keyId: string,
  idempotencyKey: string,
): Promise<{ id: string; fingerprint: string | null } | null> {
  const [row] = await database
    .select({ id: tasks.id, fingerprint: tasks.fingerprint })
    .from(tasks)
    .where(and(eq(tasks.keyId, keyId), eq(tasks.idempotencyKey, idempotencyKey)))
  return row ?? null
}

export async function loadTask(database: Database, id: string): Promise<Task | null> {
  const [[row], attemptRows, outputRows] = await database.batch([
    database.select().from(tasks).where(eq(tasks.id, id)),
    database
      .select()
      .from(attempts)
      .where(eq(attempts.taskId, id))
      .orderBy(asc(attempts.startedAt), asc(attempts.id)),
    database.select().from(outputs).where(eq(outputs.taskId, id)).orderBy(asc(outputs.index)),
  ])
  return row ? toTask(row, attemptRows, outputRows) : null
}

/** A webhook to the client that a transition causes. */
export interface NewDelivery {
  id: string
  /** The version of the task that made the event true: at most one webhook for each. */
  taskVersion: number
  event: AnnouncementType
  createdAt: number
}

/**
 * Writes what changed from `before` to `after`, and the webhook it causes, in one transaction.
 *
 * @returns false, with nothing written, when another writer was faster.
 */
export async function saveTransition(
  database: Database,
  before: Task,
  after: Task,
  delivery: NewDelivery | null,
): Promise<boolean> {
  const { id, version, status, completedAt, dueAt, dueIntervalMs, error } = after
  const { reservedUsd, deletedAt, request } = after
  // The version column is NOT NULL: a lost race sets it to null, which aborts the whole batch.
  const compareAndSet = sql<number>`case when ${tasks.version} = ${before.version} then ${version} end`
  try {
    await database.batch([
      database
        .update(tasks)
        .set({
          version: compareAndSet,
          status,
          completedAt,
          dueAt,
          dueIntervalMs,
          error,
          reservedUsd,
          deletedAt,
          ...(request === before.request ? {} : { request }),
        })
        .where(eq(tasks.id, id)),
      ...adjustHold(database, before, after),
      ...changed(before.attempts, after.attempts).map((attempt) =>
        upsertAttempt(database, id, attempt),
      ),
      ...changed(before.outputs, after.outputs).map((output) => upsertOutput(database, id, output)),
      ...(after.outputs.length === 0 && before.outputs.length > 0
        ? [database.delete(outputs).where(eq(outputs.taskId, id))]
        : []),
      ...(delivery
        ? [
            database
              .insert(deliveries)
              .values({ ...delivery, taskId: id, nextTryAt: delivery.createdAt })
              .onConflictDoNothing(),
          ]
        : []),
    ])
    return true
  } catch (cause) {
    if (isLostRace(cause)) return false
    throw cause
  }
}

/** Items are never changed in place, so identity tells what is new. */
function changed<T>(before: readonly T[], after: readonly T[]): T[] {
  return after.filter((item) => !before.includes(item))
}

function upsertAttempt(database: Database, taskId: string, attempt: Attempt) {
  const row = toAttemptRow(taskId, attempt)
  return database.insert(attempts).values(row).onConflictDoUpdate({ target: attempts.id, set: row })
}

function upsertOutput(database: Database, taskId: string, output: Output) {
  const row = toOutputRow(taskId, output)
  return database
    .insert(outputs)
    .values(row)
    .onConflictDoUpdate({ target: [outputs.taskId, outputs.index], set: row })
}

function isLostRace(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    error.message.includes('NOT NULL constraint failed: tasks.version') || isLostRace(error.cause)
  )
}

/** A task handed out by the sweep. */
export type DueTask = Pick<Task, 'id' | 'status' | 'deadlineAt'>

/** Hands out due tasks, oldest first: one atomic statement, so overlapping sweeps share the work. */
export async function claimDueTasks(
  database: Database,
  now: number,
  limit: number,
): Promise<DueTask[]> {
  const due = database
    .select({ id: tasks.id })
    .from(tasks)
    .where(lte(tasks.dueAt, now))
    .orderBy(asc(tasks.dueAt))
    .limit(limit)
  // Once more shortly before the deadline, and at the deadline itself.
  const interval = sql`${now} + ${tasks.dueIntervalMs}`
  const lastLook = sql`${tasks.deadlineAt} - ${LAST_LOOK_MS}`
  const afterInterval = sql<number>`case
    when ${lastLook} > ${now} then min(${interval}, ${lastLook})
    when ${tasks.deadlineAt} > ${now} then min(${interval}, ${tasks.deadlineAt})
    else ${interval} end`
  return database
    .update(tasks)
    .set({ dueAt: afterInterval })
    .where(inArray(tasks.id, due))
    .returning({ id: tasks.id, status: tasks.status, deadlineAt: tasks.deadlineAt })
}
