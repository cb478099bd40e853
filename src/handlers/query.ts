/** Reading a query string: known names only, every fault named. */
import * as z from 'zod'
import { toApiError } from './body'
import type { AppContext } from './context'
import { invalid } from './errors'

export const dateSchema = z.iso.date('must be a date such as 2026-11-21')

/** A date, read as its first moment in UTC, or a date with a time. In milliseconds. */
export const timeSchema = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'must be a date such as 2026-11-21, or with a time such as 2026-11-21T08:00:00Z',
  })
  .transform((text) => Date.parse(text))

export function wholeNumberSchema(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
    .meta({ type: 'integer', minimum: min, maximum: max })
}

/** @throws ApiError 400 naming the value that is wrong. */
export function readQuery<T>(c: AppContext, schema: z.ZodType<T>): T {
  return readValues(singleValues(c), schema)
}

/** The query by name. @throws ApiError 400 when a name stands in it twice. */
export function singleValues(c: AppContext): Record<string, string> {
  const entries = Object.entries(c.req.queries())
  const twice = entries.find(([, values]) => values.length > 1)
  if (twice) throw invalid(twice[0], `${twice[0]} may stand in the query once.`)
  return Object.fromEntries(entries.map(([name, [value = '']]) => [name, value]))
}

/** @throws ApiError 400 naming the value that is wrong. */
export function readValues<T>(values: Record<string, string>, schema: z.ZodType<T>): T {
  const result = schema.safeParse(values)
  if (!result.success) throw toApiError(result.error)
  return result.data
}
