/** The query of `GET /v1/tasks`. */
import * as z from 'zod'
import type { TaskFilter } from '../db/task-list'
import { taskFailureCodeSchema, taskStatusSchema } from '../wire/task'
import { chargedSchema, providerIdSchema } from '../wire/vocabulary'
import type { AppContext } from './context'
import { invalid } from './errors'
import { readValues, singleValues, timeSchema, wholeNumberSchema } from './query'

const LIMIT_DEFAULT = 20
const LIMIT_MAX = 100
const METADATA_FILTERS_MAX = 10
const METADATA = /^metadata\[(.{1,100})\]$/

export const taskFilterSchema = z.strictObject({
  status: taskStatusSchema.describe('Only tasks that are there now.').optional(),
  error: taskFailureCodeSchema.describe('Only tasks that failed with this code.').optional(),
  provider: providerIdSchema.describe('Only tasks for which this provider was asked.').optional(),
  charged: chargedSchema
    .describe('Only tasks with an attempt of which this is known: `unknown` may have cost money.')
    .optional(),
  created_after: timeSchema
    .describe('A date, which is its first moment in UTC, or a date with a time. Included.')
    .optional(),
  created_before: timeSchema.describe('The same, not included.').optional(),
  cursor: z
    .string()
    .regex(/^task_[0-9a-f]{32}$/, 'must be the next_cursor of a page')
    .describe('The `next_cursor` of the page before.')
    .optional(),
  limit: wholeNumberSchema(1, LIMIT_MAX)
    .default(LIMIT_DEFAULT)
    .describe(`Tasks a page at most; ${LIMIT_DEFAULT} unless told.`),
})

/** `metadata[name]=value` may stand beside the named ones, several times. @throws ApiError 400 */
export function readTaskFilter(c: AppContext): Omit<TaskFilter, 'keyId'> & { limit: number } {
  const entries = Object.entries(singleValues(c))
  const metadata = entries.flatMap(([name, value]) => {
    const key = METADATA.exec(name)?.[1]
    return key === undefined ? [] : [[key, value] as const]
  })
  if (metadata.length > METADATA_FILTERS_MAX) {
    throw invalid('metadata', `At most ${METADATA_FILTERS_MAX} metadata values can be asked for.`)
  }
  const others = entries.filter(([name]) => !METADATA.test(name))
  const filter = readValues(Object.fromEntries(others), taskFilterSchema)
  const { created_after: createdAfter, created_before: createdBefore, ...rest } = filter
  return { ...rest, createdAfter, createdBefore, metadata: Object.fromEntries(metadata) }
}
