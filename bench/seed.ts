/**
 * Finished tasks by the hundred thousand, written by SQL from a few real ones.
 *
 * It knows no more of the schema than its habits: ids are `prefix_` and 32 digits that begin with
 * the time, perhaps with something behind them, times end in `_at`, and whatever belongs to a task has
 * a `task_id`. All other columns are copied, so a seeded task is what the gateway itself writes. The
 * sums of usage are made as the migration made them that brought them.
 */
import { readFile } from 'node:fs/promises'
import type { Gateway } from './gateway.ts'

type Database = Awaited<Gateway['database']>

const DAY_MS = 24 * 60 * 60 * 1000
/** The seeded tasks are spread over so many days, the last one ending an hour ago. */
export const SEEDED_DAYS = 20
const ENDED_AGO_MS = 60 * 60 * 1000
/** Columns with no two values alike, beside ids. */
const UNIQUE = new Set(['reference', 'idempotency_key'])
const TASKS_A_STATEMENT = 50_000
const SUMS_MIGRATION = 'migrations/0007_usage.sql'

/** @param templates ids of finished tasks, which are copied in turn. */
export async function seedTasks(
  database: Database,
  templates: readonly string[],
  tasks: number,
  say: (progress: string) => void,
): Promise<void> {
  const tables = await tablesOfTasks(database)
  const beginsAt = Date.now() - ENDED_AGO_MS - SEEDED_DAYS * DAY_MS
  const everyMs = (SEEDED_DAYS * DAY_MS) / tasks
  await database.exec('create table bench_templates (n integer primary key, id text, at integer)')
  for (const [position, id] of templates.entries()) {
    await database
      .prepare('insert into bench_templates select ?, id, created_at from tasks where id = ?')
      .bind(position, id)
      .run()
  }
  for (let first = 0; first < tasks; first += TASKS_A_STATEMENT) {
    const end = Math.min(first + TASKS_A_STATEMENT, tasks)
    for (const { name, columns } of tables) {
      const statement = copyStatement(name, columns, templates.length)
      await database.prepare(statement).bind(first, end, beginsAt, everyMs).run()
    }
    say(`${end} of ${tasks} tasks are seeded`)
  }
  await database.exec('drop table bench_templates')
  await sumUsage(database)
}

async function sumUsage(database: Database): Promise<void> {
  const statements = (await readFile(SUMS_MIGRATION, 'utf8')).split('--> statement-breakpoint')
  await database.batch([
    database.prepare('delete from usage'),
    database.prepare(statements.at(-1) ?? ''),
  ])
}

/** `tasks` and every table that has a `task_id`, with their columns. */
async function tablesOfTasks(
  database: Database,
): Promise<Array<{ name: string; columns: string[] }>> {
  const { results } = await database
    .prepare(
      `select m.name as name, json_group_array(c.name) as columns
       from sqlite_master m, pragma_table_info(m.name) c
       where m.type = 'table' and m.name not glob '_cf_*' group by m.name`,
    )
    .all<{ name: string; columns: string }>()
  return results
    .map(({ name, columns }) => ({ name, columns: JSON.parse(columns) as string[] }))
    .filter(({ name, columns }) => name === 'tasks' || columns.includes('task_id'))
}

/** Bound: the first number, the number after the last, when the first begins, milliseconds each. */
function copyStatement(table: string, columns: readonly string[], templates: number): string {
  const quoted = columns.map((column) => `"${column}"`)
  const copies = columns.map((column) => copyOf(column, `r."${column}"`))
  const owner = table === 'tasks' ? 'r.id' : 'r.task_id'
  return `insert into "${table}" (${quoted.join(', ')})
    with recursive numbers (i, at) as (
      select ?1, cast(?3 + ?1 * ?4 as integer)
      union all
      select i + 1, cast(?3 + (i + 1) * ?4 as integer) from numbers where i + 1 < ?2
    )
    select ${copies.join(', ')}
    from numbers
    join bench_templates t on t.n = numbers.i % ${templates}
    join "${table}" r on ${owner} = t.id`
}

function copyOf(column: string, value: string): string {
  if (column === 'id' || (column.endsWith('_id') && column !== 'key_id')) {
    const digitsAt = `instr(${value}, '_') + 1`
    return `substr(${value}, 1, ${digitsAt} - 1) || printf('%012x7%019x', numbers.at, i)
      || substr(${value}, ${digitsAt} + 32)`
  }
  if (column.endsWith('_at'))
    return `case when ${value} is not null then ${value} - t.at + numbers.at end`
  if (UNIQUE.has(column)) return `${value} || '-' || i`
  return value
}
