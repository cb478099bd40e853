/** `get_task`, `list_tasks`, `cancel_task`: tasks of the key that calls, however they were made. */
import * as z from 'zod'
import { listTasks as loadTasks } from '../../../db/task-list'
import { cancel } from '../../../flow/cancel'
import { taskListSchema } from '../../../wire/task'
import { integerSchema, listOf } from '../../../wire/vocabulary'
import { isApiError } from '../../errors'
import { refused } from '../../refusals'
import { findTask } from '../../tasks/find'
import { querySchema } from '../../tasks/list'
import { shownTaskSchema, taskIdSchema, waitSchema } from '../schemas'
import { showTask } from '../task-result'
import { tool } from '../tool'

const LIMIT_DEFAULT = 10
const LIMIT_MAX = 20

export const getTask = tool({
  name: 'get_task',
  title: 'Wait for a picture',
  description:
    'Waits until a task is over, for wait_seconds at most, and gives its pictures, with fresh links and previews, or why it failed. Costs nothing. Call it again while the status is queued or processing.',
  isReadOnly: true,
  input: waitSchema.extend({ id: taskIdSchema }),
  output: shownTaskSchema,
}).handle(async ({ ports, client, untilOver }, { id, wait_seconds }) => {
  const task = await findTask(ports, id, client.id)
  if (isApiError(task)) return task
  return { kind: 'task', task: await untilOver(task, wait_seconds) }
})

export const listTasks = tool({
  name: 'list_tasks',
  title: 'List pictures',
  description:
    'The tasks of this key, newest first, with links to their pictures; a page may be short or empty while next_cursor goes on. Costs nothing. Finds a picture again whose call broke off.',
  isReadOnly: true,
  input: querySchema.pick({ status: true, q: true, cursor: true }).extend({
    metadata: querySchema.shape.metadata.describe(
      'Only tasks with these values; `{"origin": "mcp"}`: those that agents made.',
    ),
    limit: integerSchema(1, LIMIT_MAX)
      .default(LIMIT_DEFAULT)
      .describe('How many tasks a page has at most.'),
  }),
  output: listOf(shownTaskSchema).extend({ next_cursor: taskListSchema.shape.next_cursor }),
}).handle(async ({ ports, client }, { limit, metadata = {}, q = [], ...rest }) => {
  const filter = { ...rest, metadata, words: q, keyId: client.id }
  const { tasks, nextCursor } = await loadTasks(ports.database, filter, limit)
  const data = await Promise.all(tasks.map((task) => showTask(ports, task)))
  return { kind: 'data', data: { data, next_cursor: nextCursor } }
})

export const cancelTask = tool({
  name: 'cancel_task',
  title: 'Cancel a picture',
  description:
    'Cancels a task that is still queued. Once a provider was asked, the picture is paid for and nobody can cancel it.',
  isReadOnly: false,
  input: z.strictObject({ id: taskIdSchema }),
  output: shownTaskSchema,
}).handle(async ({ ports, client }, { id }) => {
  const task = await findTask(ports, id, client.id)
  if (isApiError(task)) return task
  const canceled = await cancel(ports, task)
  return canceled.ok ? { kind: 'task', task: canceled.value } : refused(canceled.refusal)
})
