/**
 * Tasks with their attempts and outputs: insert, load, save a transition, hand out what is due.
 *
 * Only columns that changed are written: every index that a write touches is a row written.
 *
 * Invariant: after its insert a task is changed by `saveTransition` only, a compare-and-set on the
 * version, all or nothing. Handing it out moves its due time and nothing else.
 */

import { and, asc, eq, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { AnnouncementType } from '../core/announcement'
import { taskIdOfAttempt } from '../core/attempt-id'
import { FIRST_HAND_OUT_INTERVAL_MS, HAND_OUT_INTERVAL_MS, LOST_WAKE_MS } from '../core/schedule'
import type { Limits } from '../core/spending'
import type { Task } from '../core/task'
import { usageDifference } from '../core/usage'
import { type Database, isNullIn, isUniqueViolation } from './database'
import { idOfUnchangedKey } from './keys'
import { adjustHold, brokenLimit, countTask, type LimitName, type Window } from './limits'
import { type AttemptRow, type OutputRow, toAttemptRow, toOutputRow, toTask } from './rows'
import { attempts, deliveries, outputs, tasks } from './schema'
import { addUsage } from './usage'

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
  /** Its key was to be confirmed, and is revoked or not what it was. Anything else confirms it. */
  | { kind: 'key_changed' }

/**
 * Inserts the task and counts it against its key's limits, or does neither.
 *
 * @param keyHash where the key is only remembered: its hash, by which it is confirmed
 */
export async function insertTask(
  database: Database,
  task: Task,
  idempotency: Idempotency | null,
  limits: Limits,
  keyHash: string | null,
): Promise<Insertion> {
  const { attempts: _, outputs: __, ...row } = task
  const insert = database.insert(tasks).values({
    ...row,
    // The column is NOT NULL: a key that is not what was remembered aborts the whole batch.
    keyId: keyHash === null ? row.keyId : idOfUnchangedKey(database, keyHash, limits),
    idempotencyKey: idempotency?.key ?? null,
    fingerprint: idempotency?.fingerprint ?? null,
  })
  try {
    const count = countTask(database, task, limits)
    if (!count) {
      await insert
      return { kind: 'inserted', window: null }
    }
    // The insert comes first, so that no limit is told of before the key is confirmed.
    const [, [window]] = await database.batch([insert, count])
    return { kind: 'inserted', window: window ?? null }
  } catch (error) {
    if (isNullIn('tasks.key_id', error)) return { kind: 'key_changed' }
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

export function loadTask(database: Database, id: string): Promise<Task | null> {
  return loadBy(database, sql`${id}`)
}

/** The task that an attempt belongs to; null where there is no such attempt. */
export async function loadTaskOfAttempt(
  database: Database,
  attemptId: string,
): Promise<Task | null> {
  // The length is that of the index: only ids of older releases, which did not tell their task, are in it.
  const taskId = database
    .select({ id: attempts.taskId })
    .from(attempts)
    .where(and(eq(attempts.id, attemptId), sql`length(${attempts.id}) = 36`))
  const told = taskIdOfAttempt(attemptId)
  const task = await loadBy(database, told === null ? sql`(${taskId})` : sql`${told}`)
  return task?.attempts.some(({ id }) => id === attemptId) ? task : null
}

async function loadBy(database: Database, id: SQL): Promise<Task | null> {
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
  /** The writer sends it itself until then, and nobody else does. */
  claimedUntil: number | null
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
  const { id } = after
  const { attempts: _, outputs: __, version: ___, ...taskBefore } = before
  const { attempts: ____, outputs: _____, version, ...taskAfter } = after
  // The version column is NOT NULL: a lost race sets it to null, which aborts the whole batch.
  const compareAndSet = sql<number>`case when ${tasks.version} = ${before.version} then ${version} end`
  try {
    await database.batch([
      database
        .update(tasks)
        .set({ version: compareAndSet, ...changedColumns(taskBefore, taskAfter) })
        .where(eq(tasks.id, id)),
      ...adjustHold(database, before, after),
      ...addUsage(database, after.keyId, usageDifference(before, after)),
      ...after.attempts.flatMap((attempt) => {
        const known = before.attempts.find((other) => other.id === attempt.id)
        if (known === attempt) return []
        return saveAttempt(database, known && toAttemptRow(id, known), toAttemptRow(id, attempt))
      }),
      ...after.outputs.flatMap((output) => {
        const known = before.outputs.find((other) => other.index === output.index)
        if (known === output) return []
        return saveOutput(database, known && toOutputRow(id, known), toOutputRow(id, output))
      }),
      ...(after.outputs.length === 0 && before.outputs.length > 0
        ? [database.delete(outputs).where(eq(outputs.taskId, id))]
        : []),
      ...(delivery ? [insertDelivery(database, id, delivery)] : []),
    ])
    return true
  } catch (cause) {
    if (isNullIn('tasks.version', cause)) return false
    throw cause
  }
}

/** The fields of `after` that are not what they were. Values are never changed in place. */
function changedColumns<Row extends object>(before: Row, after: Row): Partial<Row> {
  const changed = { ...after }
  for (const name in before) if (before[name] === after[name]) delete changed[name]
  return changed
}

function saveAttempt(
  database: Database,
  before: AttemptRow | undefined,
  after: AttemptRow,
): BatchItem<'sqlite'>[] {
  if (!before) return [database.insert(attempts).values(after)]
  const changed = changedColumns(before, after)
  if (Object.keys(changed).length === 0) return []
  const isIt = and(eq(attempts.taskId, after.taskId), eq(attempts.id, after.id))
  return [database.update(attempts).set(changed).where(isIt)]
}

function saveOutput(
  database: Database,
  before: OutputRow | undefined,
  after: OutputRow,
): BatchItem<'sqlite'>[] {
  if (!before) return [database.insert(outputs).values(after)]
  const changed = changedColumns(before, after)
  if (Object.keys(changed).length === 0) return []
  const isIt = and(eq(outputs.taskId, after.taskId), eq(outputs.index, after.index))
  return [database.update(outputs).set(changed).where(isIt)]
}

function insertDelivery(database: Database, taskId: string, delivery: NewDelivery) {
  const { claimedUntil, createdAt, ...row } = delivery
  return database
    .insert(deliveries)
    .values({
      ...row,
      taskId,
      createdAt,
      nextTryAt: claimedUntil ?? createdAt,
      triedAt: claimedUntil === null ? null : createdAt,
    })
    .onConflictDoNothing()
}

/** A task handed out by the sweep. */
export type DueTask = Pick<Task, 'id' | 'status' | 'version' | 'deadlineAt'>

/**
 * Hands out due tasks, oldest first: one atomic statement, so overlapping sweeps share the work.
 *
 * Each is due again a while later, or just after its deadline if that is sooner.
 */
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
  const isOpen = sql`${tasks.completedAt} is null`
  const intervalMs = sql`case
    when ${isOpen} and (${tasks.status} = 'queued' or ${tasks.deadlineAt} <= ${now})
    then ${FIRST_HAND_OUT_INTERVAL_MS} else ${HAND_OUT_INTERVAL_MS} end`
  const endAt = sql`${tasks.deadlineAt} + ${LOST_WAKE_MS}`
  const dueAt = sql<number>`case
    when ${isOpen} and ${endAt} > ${now} then min(${now} + ${intervalMs}, ${endAt})
    else ${now} + ${intervalMs} end`
  return database.update(tasks).set({ dueAt }).where(inArray(tasks.id, due)).returning({
    id: tasks.id,
    status: tasks.status,
    version: tasks.version,
    deadlineAt: tasks.deadlineAt,
  })
}
