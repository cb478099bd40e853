/** `POST /v1/tasks`: the main thing, making a picture. */
import * as z from 'zod'
import { isTerminal } from '../../core/task'
import { accept } from '../../flow/accept'
import { taskJson } from '../../flow/task-json'
import { untilOver } from '../../flow/wait'
import { taskSchema } from '../../wire/task'
import { refuseAddresses } from '../addresses'
import { json } from '../endpoint/answer'
import { jsonBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import { idempotencyKeySchema } from '../idempotency-key'
import { rateLimitHeaders } from '../rate-limit'
import { refused } from '../refusals'
import { CALLBACK_URL, finishedTask, queuedTask } from './examples'
import { taskRequestSchema } from './request'
import { preferSchema } from './wait'

export const createTask = endpoint({
  id: 'createTask',
  method: 'post',
  path: '/v1/tasks',
  tag: 'Tasks',
  summary: 'Make a picture',
  description:
    'Answers at once with a task; the picture follows. Wait for it with `Prefer: wait=60`, read the task again, listen to its events, or have a webhook sent to `callback_url`.\n\nA retry with the same `Idempotency-Key` is safe. A refused request uses up no key. `null` is the same as leaving a field out.',
  access: 'maker',
  headers: z.object({
    'Idempotency-Key': idempotencyKeySchema,
    Prefer: preferSchema,
  }),
  body: jsonBody(taskRequestSchema),
  answers: {
    202: json(taskSchema, 'The task, which is not over yet.', queuedTask, [
      'Location',
      'Idempotent-Replayed',
      'Preference-Applied',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
    ]),
    200: json(
      taskSchema,
      'The task, which is over: it was waited for, or an earlier request made it.',
      finishedTask,
      [
        'Location',
        'Idempotent-Replayed',
        'Preference-Applied',
        'RateLimit-Limit',
        'RateLimit-Remaining',
        'RateLimit-Reset',
      ],
    ),
  },
  errors: [
    'task_not_found',
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
}).handle(async ({ ports, caller, headers, body }) => {
  const refusedAddress = refuseAddresses(ports.settings, body)
  if (refusedAddress) return refusedAddress
  const acceptance = await accept(ports, caller, body, headers['Idempotency-Key'] ?? null)
  if (!acceptance.ok) return refused(acceptance.refusal)
  const { task, isReplay, window } = acceptance.value

  const waitSeconds = headers.Prefer
  const current = await untilOver(ports, task, waitSeconds)
  return {
    status: isTerminal(current) ? 200 : 202,
    body: await taskJson(ports.settings, current, ports.now()),
    headers: {
      Location: `/v1/tasks/${task.id}`,
      ...(isReplay ? { 'Idempotent-Replayed': 'true' } : {}),
      ...rateLimitHeaders(caller, window, ports.now()),
      ...(waitSeconds > 0 ? { 'Preference-Applied': `wait=${waitSeconds}` } : {}),
    },
  }
})
