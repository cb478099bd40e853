/** Values of a query string, which are all text on the wire. */
import * as z from 'zod'

export const dateSchema = z.iso
  .date('must be a date such as 2026-11-21')
  .meta({ examples: ['2026-11-21'] })

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
