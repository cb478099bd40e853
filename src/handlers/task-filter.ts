/** The query of `GET /v1/tasks`. */
import * as z from 'zod'
import { PROVIDER_IDS, TASK_FAILURE_CODES, TASK_STATUSES } from '../core/task'
import type { TaskFilter } from '../db/task-list'
import type { AppContext } from './context'
import { readValues, timeSchema, wholeNumberSchema } from './query'

const LIMIT_DEFAULT = 20
const LIMIT_MAX = 100
const METADATA = /^metadata\[(.{1,100})\]$/

const named = z.strictObject({
  status: z.enum(TASK_STATUSES).optional(),
  error: z.enum(TASK_FAILURE_CODES).optional(),
  provider: z.enum(PROVIDER_IDS).optional(),
  created_after: timeSchema.optional(),
  created_before: timeSchema.optional(),
  cursor: z
    .string()
    .regex(/^task_[0-9a-f]{32}$/, 'must be the next_cursor of a page')
    .optional(),
  limit: wholeNumberSchema(1, LIMIT_MAX).default(LIMIT_DEFAULT),
})

/** `metadata[name]=value` may stand beside the named ones, several times. @throws ApiError 400 */
export function readTaskFilter(c: AppContext): Omit<TaskFilter, 'keyId'> & { limit: number } {
  const entries = Object.entries(c.req.query())
  const metadata = entries.flatMap(([name, value]) => {
    const key = METADATA.exec(name)?.[1]
    return key === undefined ? [] : [[key, value] as const]
  })
  const others = entries.filter(([name]) => !METADATA.test(name))
  const filter = readValues(Object.fromEntries(others), named)
  const { created_after: createdAfter, created_before: createdBefore, ...rest } = filter
  return { ...rest, createdAfter, createdBefore, metadata: Object.fromEntries(metadata) }
}
