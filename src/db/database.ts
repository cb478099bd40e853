/** The D1 database behind Drizzle. */
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'

export type Database = DrizzleD1Database

export function openDatabase(binding: D1Database): Database {
  return drizzle(binding)
}

/** Whether a write failed because a unique value is taken. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.message.includes('UNIQUE constraint failed') || isUniqueViolation(error.cause)
}

/** Whether a write failed because a column, such as `tasks.version`, must not be null. */
export function isNullIn(column: string, error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isIt = error.message.includes(`NOT NULL constraint failed: ${column}`)
  return isIt || isNullIn(column, error.cause)
}
