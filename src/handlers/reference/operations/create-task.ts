/** The main thing: making a picture. */
import * as z from 'zod'
import { taskSchema } from '../../../wire/task'
import { type AddressPolicies, taskRequestSchema } from '../../task-request'
import { IDEMPOTENCY_KEY_LENGTH_MAX, WAIT_SECONDS_MAX } from '../../tasks'
import { CALLBACK_URL, finishedTask, queuedTask } from '../examples'
import type { Operation } from '../operation'

export const prefer = z
  .string()
  .meta({
    description: `\`wait=N\` holds the answer until the task is over, at most N seconds (up to ${WAIT_SECONDS_MAX}).`,
    examples: ['wait=60'],
  })
  .optional()

const creationHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(IDEMPOTENCY_KEY_LENGTH_MAX)
    .meta({
      description:
        'A repeat with the same key and an equal body is the same task, so it is safe to repeat.',
      examples: ['order-1042'],
    })
    .optional(),
  Prefer: prefer,
})

export function createTask(policies: AddressPolicies): Operation {
  return {
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
  }
}
