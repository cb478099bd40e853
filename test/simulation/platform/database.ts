/**
 * D1, played on SQLite: the part of its surface that Drizzle uses.
 *
 * A batch is one transaction; errors read as D1 words them.
 */
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite'
import { currentInvocation } from '../world/invocation'

type Row = Record<string, SQLOutputValue>

export class SimulatedDatabase {
  readonly #sqlite = new DatabaseSync(':memory:')
  readonly #prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  readonly #afterWrite: () => void

  constructor(migrations: readonly string[], afterWrite: () => void) {
    for (const migration of migrations) this.#sqlite.exec(migration)
    this.#afterWrite = afterWrite
  }

  prepare(sql: string): Statement {
    return new Statement(this, sql, [])
  }

  batch(statements: Statement[]): Promise<Array<{ results: Row[] }>> {
    const label = statements.map((statement) => statement.label).join(', ')
    return currentInvocation().perform('database', label, () => this.#transact(statements))
  }

  /** What is in the tables, past every gate: for the checks. */
  look<T>(sql: string, ...params: SQLInputValue[]): T[] {
    return this.query(sql, params) as T[]
  }

  query(sql: string, params: SQLInputValue[]): Row[] {
    const known = this.#prepared.get(sql)
    const statement = known ?? this.#sqlite.prepare(sql)
    if (!known) this.#prepared.set(sql, statement)
    try {
      return statement.all(...params)
    } catch (error) {
      throw error instanceof Error ? new Error(`D1_ERROR: ${error.message}: SQLITE_ERROR`) : error
    }
  }

  write(sql: string, params: SQLInputValue[]): Row[] {
    const rows = this.query(sql, params)
    if (!sql.startsWith('select')) this.#afterWrite()
    return rows
  }

  #transact(statements: Statement[]): Array<{ results: Row[] }> {
    this.#sqlite.exec('begin')
    try {
      const results = statements.map(({ sql, params }) => ({ results: this.query(sql, params) }))
      this.#sqlite.exec('commit')
      if (statements.some(({ sql }) => !sql.startsWith('select'))) this.#afterWrite()
      return results
    } catch (error) {
      this.#sqlite.exec('rollback')
      throw error
    }
  }
}

export class Statement {
  readonly #database: SimulatedDatabase

  constructor(
    database: SimulatedDatabase,
    readonly sql: string,
    readonly params: SQLInputValue[],
  ) {
    this.#database = database
  }

  /** Such as `update "tasks"`. */
  get label(): string {
    const table = /(?:from|into|update) "(\w+)"/.exec(this.sql)?.[1] ?? '?'
    return `${this.sql.slice(0, 6)} ${table}`
  }

  bind(...params: Array<SQLInputValue | boolean>): Statement {
    const values = params.map((value) => (typeof value === 'boolean' ? Number(value) : value))
    return new Statement(this.#database, this.sql, values)
  }

  async all(): Promise<{ results: Row[] }> {
    return { results: await this.#rows() }
  }

  async run(): Promise<{ results: Row[]; success: true }> {
    return { results: await this.#rows(), success: true }
  }

  async raw(): Promise<SQLOutputValue[][]> {
    return (await this.#rows()).map((row) => Object.values(row))
  }

  #rows(): Promise<Row[]> {
    return currentInvocation().perform('database', this.label, () =>
      this.#database.write(this.sql, this.params),
    )
  }
}
