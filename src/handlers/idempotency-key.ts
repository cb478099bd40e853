/** The client's own name for a request. */
import * as z from 'zod'

const LENGTH_MAX = 255
const length = `must have 1 to ${LENGTH_MAX} characters`

export const idempotencyKeySchema = z
  .string()
  .min(1, length)
  .max(LENGTH_MAX, length)
  .optional()
  .describe(
    'Your own name for this request. A retry with the same key and an equal body gives the same task, and nothing is paid twice.',
  )
