/** Pages of tasks, newest first. Ids sort by time, so the last id of a page is its cursor. */
import { and, desc, eq, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Charged } from '../core/attempt'
import type { ProviderId } from '../core/request'
import type { Task, TaskFailureCode, TaskStatus } from '../core/task'
import type { Database } from './database'
import { toTask } from './rows'
import { attempts, outputs, tasks } from './schema'

/** A whole page is held in memory, several times over. */
const PAGE_BYTES_MAX = 4 * 1024 * 1024

export interface TaskFilter {
  /** Null: every key's. */
  keyId: string | null
  status?: TaskStatus | undefined
  error?: TaskFailureCode | undefined
  /** A provider that was asked. */
  provider?: ProviderId | undefined
  /** What is known of the charge of one of its attempts. */
  charged?: Charged | undefined
  createdAfter?: number | undefined
  createdBefore?: number | undefined
  /** Values that all have to match. */
  metadata: Readonly<Record<string, string>>
  cursor?: string | undefined
}

export interface Page {
  tasks: Task[]
  hasMore: boolean
}

/** At most `limit` tasks, fewer where their requests are large. */
export async function listTasks(
  database: Database,
  filter: TaskFilter,
  limit: number,
): Promise<Page> {
  const found = await database
    .select({ id: tasks.id, bytes: sql<number>`octet_length(${tasks.request})` })
    .from(tasks)
    .where(and(isNull(tasks.deletedAt), ...conditions(filter)))
    .orderBy(desc(tasks.id))
    .limit(limit + 1)
  const page = found.slice(0, countFitting(found, limit)).map(({ id }) => id)
  return { tasks: await loadTasks(database, page), hasMore: page.length < found.length }
}

/** How many of them make a page: one in any case. */
function countFitting(found: ReadonlyArray<{ bytes: number }>, limit: number): number {
  let bytes = 0
  const end = found.findIndex((row, position) => {
    bytes += row.bytes
    return position === limit || (position > 0 && bytes > PAGE_BYTES_MAX)
  })
  return end === -1 ? found.length : end
}

async function loadTasks(database: Database, taskIds: readonly string[]): Promise<Task[]> {
  const ids = sql`(select value from json_each(${JSON.stringify(taskIds)}))`
  const [rows, attemptRows, outputRows] = await database.batch([
    database.select().from(tasks).where(inArray(tasks.id, ids)).orderBy(desc(tasks.id)),
    database.select().from(attempts).where(inArray(attempts.taskId, ids)).orderBy(attempts.id),
    database.select().from(outputs).where(inArray(outputs.taskId, ids)).orderBy(outputs.index),
  ])
  return rows.map((row) =>
    toTask(
      row,
      attemptRows.filter(({ taskId }) => taskId === row.id),
      outputRows.filter(({ taskId }) => taskId === row.id),
    ),
  )
}

function conditions(filter: TaskFilter): SQL[] {
  const { keyId, status, error, provider, charged, createdAfter, createdBefore } = filter
  return [
    keyId !== null && eq(tasks.keyId, keyId),
    status && eq(tasks.status, status),
    error && sql`json_extract(${tasks.error}, '$.code') = ${error}`,
    provider && hasAttempt(eq(attempts.provider, provider)),
    charged && hasAttempt(eq(attempts.charged, charged)),
    createdAfter !== undefined && gte(tasks.createdAt, createdAfter),
    createdBefore !== undefined && lt(tasks.createdAt, createdBefore),
    filter.cursor && lt(tasks.id, filter.cursor),
    ...Object.entries(filter.metadata).map(
      ([name, value]) =>
        sql`exists (select 1 from json_each(${tasks.request}, '$.metadata') where key = ${name} and value = ${value})`,
    ),
  ].filter((condition): condition is SQL => typeof condition === 'object')
}

function hasAttempt(condition: SQL): SQL {
  return sql`exists (select 1 from ${attempts} where ${attempts.taskId} = ${tasks.id} and ${condition})`
}
