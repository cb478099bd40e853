/** Tasks from the first to the last: make one, follow it, find it again, let it go. */
import * as z from 'zod'
import { taskListSchema, taskSchema } from '../../../wire/task'
import { taskFilterSchema } from '../../task-filter'
import type { AddressPolicies } from '../../task-request'
import { waitSchema } from '../../tasks'
import { canceledTask, finishedTask, TASK_ID } from '../examples'
import type { Operation } from '../operation'
import { createTask, prefer } from './create-task'

const path = { id: TASK_ID }

export function taskOperations(policies: AddressPolicies): Operation[] {
  return [
    createTask(policies),
    {
      id: 'listTasks',
      method: 'get',
      path: '/v1/tasks',
      tag: 'Tasks',
      summary: 'List tasks',
      description:
        'Newest first, a page at a time. All conditions have to hold, and so do all values of `metadata[name]`.',
      access: 'reader',
      query: taskFilterSchema.extend({
        metadata: z
          .record(z.string(), z.string())
          .describe('`metadata[order]=1042`: only tasks with this value.')
          .optional(),
      }),
      answers: [
        {
          status: 200,
          description: 'One page.',
          schema: taskListSchema,
          example: { data: [finishedTask], next_cursor: null },
        },
      ],
      errors: [],
      examples: [
        { title: 'The latest', query: { status: 'succeeded', limit: '10' } },
        {
          title: 'By your own names',
          query: { 'metadata[order]': '1042', created_after: '2026-11-01' },
        },
      ],
    },
    {
      id: 'getTask',
      method: 'get',
      path: '/v1/tasks/{id}',
      tag: 'Tasks',
      summary: 'Read a task',
      description: 'Addresses of pictures are signed afresh each time.',
      access: 'reader',
      headers: z.object({ Prefer: prefer }),
      query: waitSchema,
      answers: [
        { status: 200, description: 'The task.', schema: taskSchema, example: finishedTask },
      ],
      errors: ['task_not_found'],
      examples: [{ title: 'Wait for it', path, query: { wait: '60' } }],
    },
    {
      id: 'streamTask',
      method: 'get',
      path: '/v1/tasks/{id}/events',
      tag: 'Tasks',
      summary: 'Follow a task',
      description:
        'Server-sent events: an event `task` with the whole task at each change, a comment while nothing happens, and the end of the stream when the task is over.',
      access: 'reader',
      headers: z.object({
        'Last-Event-ID': z
          .string()
          .describe('The `id` of the last event you saw; only later ones are sent.')
          .optional(),
      }),
      answers: [
        {
          status: 200,
          description: 'A stream of events.',
          mediaTypes: ['text/event-stream'],
          example: `id: 5\nevent: task\ndata: {"id":"${TASK_ID}","object":"task","status":"succeeded", …}\n\n`,
        },
      ],
      errors: ['task_not_found'],
      examples: [{ title: 'From the beginning', path, headers: { 'Last-Event-ID': '0' } }],
    },
    {
      id: 'cancelTask',
      method: 'post',
      path: '/v1/tasks/{id}/cancel',
      tag: 'Tasks',
      summary: 'Cancel a task',
      description: 'Only while it is `queued`: a provider that was asked will be paid.',
      access: 'client',
      answers: [
        {
          status: 200,
          description: 'The task, canceled.',
          schema: taskSchema,
          example: canceledTask,
        },
      ],
      errors: ['task_not_found', 'task_not_cancelable'],
      examples: [{ title: 'Cancel', path }],
    },
    {
      id: 'deleteTask',
      method: 'delete',
      path: '/v1/tasks/{id}',
      tag: 'Tasks',
      summary: 'Delete a task',
      description:
        'Its pictures, prompt and references are gone for good. What it cost stays in the usage.',
      access: 'client',
      answers: [{ status: 204, description: 'It is gone.' }],
      errors: ['task_not_found', 'task_not_terminal'],
      examples: [{ title: 'Delete', path }],
    },
  ]
}
