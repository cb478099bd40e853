/** `GET /v1/tasks/{id}`: the task as it is now, or as it is when it is over. */
import * as z from 'zod'
import { untilOver } from '../../flow/wait'
import { wholeNumberSchema } from '../../wire/query-values'
import { taskSchema } from '../../wire/task'
import { keyIdOf } from '../auth'
import { json } from '../endpoint/answer'
import { endpoint } from '../endpoint/endpoint'
import { isApiError } from '../errors'
import { finishedTask, taskParams } from './examples'
import { findTask } from './find'
import { showTask } from './show'
import { preferSchema, WAIT_SECONDS_MAX } from './wait'

export const getTask = endpoint({
  id: 'getTask',
  method: 'get',
  path: '/v1/tasks/{id}',
  tag: 'Tasks',
  summary: 'Read a task',
  description: 'The addresses of its pictures are signed afresh each time.',
  access: 'reader',
  params: taskParams,
  headers: z.object({ Prefer: preferSchema }),
  query: z.strictObject({
    wait: wholeNumberSchema(0, WAIT_SECONDS_MAX)
      .optional()
      .describe('Seconds to hold the answer, at most until the task is over.'),
  }),
  answers: { 200: json(taskSchema, 'The task.', finishedTask) },
  errors: ['task_not_found'],
  examples: [{ title: 'Wait for it', query: { wait: '60' } }],
}).handle(async ({ ports, caller, params, query, headers }) => {
  const task = await findTask(ports, params.id, keyIdOf(caller))
  if (isApiError(task)) return task
  const current = await untilOver(ports, task, query.wait ?? headers.Prefer)
  return { status: 200, body: await showTask(ports, caller, current) }
})
