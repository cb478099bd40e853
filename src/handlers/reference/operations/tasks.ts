/** Making a task and following it to its end. */
import * as z from 'zod'
import { taskListSchema, taskSchema } from '../../../wire/task'
import { taskFilterSchema } from '../../task-filter'
import { type AddressPolicies, taskRequestSchema } from '../../task-request'
import { waitSchema } from '../../tasks'
import { CALLBACK_URL, canceledTask, finishedTask, queuedTask, TASK_ID } from '../examples'
import type { Operation } from '../operation'

const prefer = z
  .string()
  .meta({
    description: '`wait=N` holds the answer until the task is over, at most N seconds (up to 60).',
    examples: ['wait=60'],
  })
  .optional()

const creationHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(255)
    .meta({
      description:
        'A repeat with the same key and an equal body is the same task, so it is safe to repeat.',
      examples: ['order-1042'],
    })
    .optional(),
  Prefer: prefer,
})

const path = { id: TASK_ID }

export function taskOperations(policies: AddressPolicies): Operation[] {
  return [
    {
      id: 'createTask',
      method: 'post',
      path: '/v1/tasks',
      tag: 'Tasks',
      summary: 'Make a picture',
      description:
        'Answers at once with a task; the picture follows. Wait for it with `Prefer: wait=60`, read the task again, listen to its events, or have a webhook sent to `callback_url`.\n\n`null` is the same as leaving a field out. A refused request uses up no `Idempotency-Key`.',
      access: 'client',
      headers: creationHeaders,
      body: { name: 'TaskRequest', schema: taskRequestSchema(policies) },
      answers: [
        {
          status: 202,
          description: 'The task, which is not over yet.',
          schema: taskSchema,
          example: queuedTask,
          headers: [
            'Location',
            'Idempotent-Replayed',
            'Preference-Applied',
            'RateLimit-Limit',
            'RateLimit-Remaining',
            'RateLimit-Reset',
          ],
        },
        {
          status: 200,
          description: 'The task, which is over: it was waited for, or made by an earlier request.',
          schema: taskSchema,
          example: finishedTask,
          headers: ['Location', 'Idempotent-Replayed', 'Preference-Applied'],
        },
      ],
      errors: [
        'idempotency_key_reused',
        'no_eligible_provider',
        'rate_limit_exceeded',
        'spend_limit_exceeded',
        'no_provider_configured',
      ],
      examples: [
        {
          title: 'A picture',
          headers: { 'Idempotency-Key': 'order-1042' },
          body: {
            prompt: 'A paper boat on a puddle',
            aspect_ratio: '4:3',
            callback_url: CALLBACK_URL,
          },
        },
        {
          title: 'A variation of a reference picture',
          body: {
            prompt: 'The same boat, at night',
            image_urls: ['https://pictures.example.com/boat.png'],
          },
        },
        {
          title: 'The cheapest of two providers, or another model',
          body: {
            prompt: 'A lighthouse on a cliff at dusk, oil on canvas',
            providers: ['aivideoapi.ai', 'gptimage2api.org'],
            route: 'cheapest',
            fallback_models: ['nano-banana-2'],
            metadata: { order: '1042' },
          },
        },
      ],
    },
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
