/** `GET /v1/tasks`: tasks by what is known of them, a page at a time. */
import * as z from 'zod'
import { listTasks as loadTasks } from '../../db/task-list'
import { timeSchema, wholeNumberSchema } from '../../wire/query-values'
import { taskFailureCodeSchema, taskListSchema, taskStatusSchema } from '../../wire/task'
import { chargedSchema, providerIdSchema } from '../../wire/vocabulary'
import { keyIdOf } from '../auth'
import { json } from '../endpoint/answer'
import { endpoint } from '../endpoint/endpoint'
import { invalid } from '../errors'
import { finishedTask } from './examples'
import { showTask } from './show'

const LIMIT_DEFAULT = 20
const LIMIT_MAX = 100
const METADATA_FILTERS_MAX = 10
const KEY_ID_LENGTH_MAX = 64
const WORDS_MAX = 8
const WORDS_LENGTH_MAX = 200

export const querySchema = z.strictObject({
  status: taskStatusSchema.optional().describe('Only tasks whose status is this now.'),
  error: taskFailureCodeSchema.optional().describe('Only tasks that failed with this code.'),
  provider: providerIdSchema.optional().describe('Only tasks that were sent to this provider.'),
  charged: chargedSchema
    .optional()
    .describe(
      'Only tasks with an attempt that was charged (`yes`), was not (`no`), or is over and may have been (`unknown`).',
    ),
  q: z
    .string()
    .max(WORDS_LENGTH_MAX)
    .transform((text) => text.split(/\s+/).filter((word) => word !== ''))
    .refine((words) => words.length <= WORDS_MAX, `must have at most ${WORDS_MAX} words`)
    .optional()
    .meta({
      description: 'Only tasks whose prompt has all of these words, in capitals or not.',
      examples: ['boat puddle'],
    }),
  created_after: timeSchema.optional().meta({
    description: 'Only tasks made at or after this time. A date alone is its first moment in UTC.',
    examples: ['2026-11-21'],
  }),
  created_before: timeSchema.optional().meta({
    description: 'Only tasks made before this time.',
    examples: ['2026-11-22T08:00:00Z'],
  }),
  metadata: z
    .record(z.string(), z.string())
    .refine(
      (values) => Object.keys(values).length <= METADATA_FILTERS_MAX,
      `can be asked for with at most ${METADATA_FILTERS_MAX} names`,
    )
    .optional()
    .meta({
      description: '`metadata[order]=1042`: only tasks with this value. Several may be given.',
      param: { style: 'deepObject', explode: true },
    }),
  cursor: z
    .string()
    .regex(/^task_[0-9a-f]{32}$/, 'must be the next_cursor of a page')
    .optional()
    .describe('The `next_cursor` of the page before.'),
  key_id: z
    .string()
    .max(KEY_ID_LENGTH_MAX)
    .optional()
    .describe('Only tasks that this key made. For the admin token only.'),
  limit: wholeNumberSchema(1, LIMIT_MAX)
    .default(LIMIT_DEFAULT)
    .describe('How many tasks a page has at most.'),
})

export const listTasks = endpoint({
  id: 'listTasks',
  method: 'get',
  path: '/v1/tasks',
  tag: 'Tasks',
  summary: 'List tasks',
  description:
    'Newest first, a page at a time. A task is listed when all conditions hold. A page looks at a bounded number of tasks, so it may be short or even empty while `next_cursor` goes on; null is the end.',
  access: 'reader',
  query: querySchema,
  answers: {
    200: json(taskListSchema, 'One page.', { data: [finishedTask], next_cursor: null }),
  },
  examples: [
    { title: 'The latest', query: { status: 'succeeded', limit: '10' } },
    {
      title: 'By your own names',
      query: { 'metadata[order]': '1042', created_after: '2026-11-01' },
    },
  ],
}).handle(async ({ ports, caller, query }) => {
  const { limit, metadata = {}, q = [], created_after, created_before, key_id, ...rest } = query
  if (key_id !== undefined && caller.kind !== 'admin')
    return invalid('key_id', 'key_id is for the admin token; a key sees its own tasks.')
  const filter = {
    ...rest,
    metadata,
    words: q,
    createdAfter: created_after,
    createdBefore: created_before,
    keyId: keyIdOf(caller) ?? key_id ?? null,
  }
  const { tasks, nextCursor } = await loadTasks(ports.database, filter, limit)
  const data = tasks.map((task) => showTask(ports, caller, task))
  return { status: 200, body: { data: await Promise.all(data), next_cursor: nextCursor } }
})
