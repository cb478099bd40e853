/**
 * Pages of tasks, newest first. Ids sort by time, so an id is a cursor and a time is a bound on ids.
 *
 * Invariant: a page looks at a bounded number of tasks, whatever is asked for and however many there
 * are. What is rare is found over several pages.
 */
import {
  and,
  asc,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Charged } from '../core/attempt'
import type { ProviderId } from '../core/request'
import type { Task, TaskFailureCode, TaskStatus } from '../core/task'
import type { Database } from './database'
import { toTask } from './rows'
import { attempts, outputs, tasks } from './schema'
import { firstIdAt } from './task-ids'

/** What one page looks at, with the attempts of each. */
const LOOKED_AT_MAX = 1_000
/** What is common is found among the first few; each further look goes so much further. */
const LOOK_GROWTH = 8
/** A whole page is held in memory, several times over. */
const PAGE_BYTES_MAX = 4 * 1024 * 1024
/** An id is made a moment before or after its task's time is taken, perhaps by another clock. */
const ID_SLACK_MS = 60_000

export interface TaskFilter {
  /** Null: every key's. */
  keyId: string | null
  status?: TaskStatus | undefined
  error?: TaskFailureCode | undefined
  /** A provider that was asked. */
  provider?: ProviderId | undefined
  /** What is known of the charge of one of its attempts; an attempt under way is not unknown yet. */
  charged?: Charged | undefined
  createdAfter?: number | undefined
  createdBefore?: number | undefined
  /** Words that the prompt has, all of them, in capitals or not. */
  words: readonly string[]
  /** Values that all have to match. */
  metadata: Readonly<Record<string, string>>
  cursor?: string | undefined
}

export interface Page {
  tasks: Task[]
  /** Where the next page goes on; null at the end. */
  nextCursor: string | null
}

interface Seen {
  id: string
  /** Of its request; null when it is not one of those that are asked for. */
  bytes: number | null
}

/** At most `limit` tasks: fewer where their requests are large, or where they are far between. */
export async function listTasks(
  database: Database,
  filter: TaskFilter,
  limit: number,
): Promise<Page> {
  const seen: Seen[] = []
  const matching = () => seen.filter(({ bytes }) => bytes !== null)
  let isEnd = false
  for (let count = limit + 1; !isEnd && seen.length < LOOKED_AT_MAX; count *= LOOK_GROWTH) {
    const wanted = Math.min(count, LOOKED_AT_MAX - seen.length)
    const cursor = seen.at(-1)?.id ?? filter.cursor
    const found = await look(database, { ...filter, cursor }, wanted)
    seen.push(...found)
    isEnd = found.length < wanted
    if (matching().length > limit) break
  }
  const found = matching()
  const page = found.slice(0, countFitting(found, limit)).map(({ id }) => id)
  const lastSeen = isEnd ? null : (seen.at(-1)?.id ?? null)
  const nextCursor = page.length < found.length ? (page.at(-1) ?? null) : lastSeen
  return { tasks: await loadTasks(database, page), nextCursor }
}

/** How many of them make a page: one in any case. */
function countFitting(found: readonly Seen[], limit: number): number {
  let bytes = 0
  const end = found.findIndex((row, position) => {
    bytes += row.bytes ?? 0
    return position === limit || (position > 0 && bytes > PAGE_BYTES_MAX)
  })
  return end === -1 ? found.length : end
}

/** The next `count` tasks within the bounds, each with whether it is asked for. */
function look(database: Database, filter: TaskFilter, count: number): Promise<Seen[]> {
  const { keyId, charged } = filter
  const isAskedFor = and(isNull(tasks.deletedAt), ...conditions(filter))
  // The few that the operator looks for among everyone's have an index of their own.
  const isIndexed = keyId === null && charged === 'unknown'
  return database
    .select({
      id: tasks.id,
      bytes: sql<number | null>`case when ${isAskedFor} then octet_length(${tasks.request}) end`,
    })
    .from(tasks)
    .where(
      isIndexed
        ? inArray(tasks.id, withUnknownCharge(database, filter, count))
        : and(keyId === null ? undefined : eq(tasks.keyId, keyId), ...idBounds(tasks.id, filter)),
    )
    .orderBy(desc(tasks.id))
    .limit(count)
}

function withUnknownCharge(database: Database, filter: TaskFilter, count: number) {
  return database
    .selectDistinct({ id: attempts.taskId })
    .from(attempts)
    .where(and(hasUnknownCharge(), ...idBounds(attempts.taskId, filter)))
    .orderBy(desc(attempts.taskId))
    .limit(count)
}

export async function loadTasks(database: Database, taskIds: readonly string[]): Promise<Task[]> {
  if (taskIds.length === 0) return []
  const ids = sql`(select value from json_each(${JSON.stringify(taskIds)}))`
  const [rows, attemptRows, outputRows] = await database.batch([
    database.select().from(tasks).where(inArray(tasks.id, ids)).orderBy(desc(tasks.id)),
    database
      .select()
      .from(attempts)
      .where(inArray(attempts.taskId, ids))
      .orderBy(asc(attempts.startedAt), asc(attempts.id)),
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

/** Where to look at all: from the cursor on, and as far as ids tell of the time. */
function idBounds(id: SQLiteColumn, { createdAfter, createdBefore, cursor }: TaskFilter): SQL[] {
  return [
    ...(createdAfter === undefined ? [] : [gte(id, firstIdAt(createdAfter - ID_SLACK_MS))]),
    ...(createdBefore === undefined ? [] : [lt(id, firstIdAt(createdBefore + ID_SLACK_MS))]),
    ...(cursor === undefined ? [] : [lt(id, cursor)]),
  ]
}

function conditions(filter: TaskFilter): SQL[] {
  const { status, error, provider, charged, createdAfter, createdBefore } = filter
  const prompt = sql`lower(json_extract(${tasks.request}, '$.prompt'))`
  return [
    status && eq(tasks.status, status),
    error && sql`json_extract(${tasks.error}, '$.code') = ${error}`,
    provider && hasAttempt(eq(attempts.provider, provider)),
    charged && (charged === 'unknown' ? isUnknown() : hasAttempt(eq(attempts.charged, charged))),
    createdAfter !== undefined && gte(tasks.createdAt, createdAfter),
    createdBefore !== undefined && lt(tasks.createdAt, createdBefore),
    ...filter.words.map((word) =>
      or(...spellings(word).map((spelling) => sql`instr(${prompt}, ${spelling}) > 0`)),
    ),
    ...Object.entries(filter.metadata).map(
      ([name, value]) =>
        sql`exists (select 1 from json_each(${tasks.request}, '$.metadata') where key = ${name} and value = ${value})`,
    ),
  ].filter((condition): condition is SQL => typeof condition === 'object')
}

/** The words of the index `attempts_unknown`. */
function hasUnknownCharge(): SQL | undefined {
  return and(sql`${attempts.charged} = 'unknown'`, isNotNull(attempts.endedAt))
}

/** Left alone, the database would go to the attempts of each task; in this index most tasks have none. */
function isUnknown(): SQL {
  const isOwn = sql`${attempts.taskId} = ${tasks.id}`
  return sql`exists (select 1 from ${attempts} indexed by attempts_unknown where ${isOwn} and ${hasUnknownCharge()})`
}

function hasAttempt(condition: SQL | undefined): SQL {
  return sql`exists (select 1 from ${attempts} where ${attempts.taskId} = ${tasks.id} and ${condition})`
}

/** The database makes small letters of A to Z only; a word in other letters is looked for as people write it. */
function spellings(word: string): string[] {
  const small = word.toLowerCase()
  const capital = small.replace(/^./u, (first) => first.toUpperCase())
  const all = [word, small, capital, word.toUpperCase()]
  return [
    ...new Set(all.map((text) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))),
  ]
}
