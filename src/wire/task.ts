/** A task as clients see it: in answers, in lists, in events and in webhooks. */
import * as z from 'zod'
import { ATTEMPT_STATUSES } from '../core/attempt'
import { TASK_FAILURE_CODES, TASK_STATUSES, type TaskFailureCode } from '../core/task'
import { acceptedRequestSchema } from './task-request'
import {
  chargedSchema,
  creditsSchema,
  listOf,
  modelIdSchema,
  momentSchema,
  providerIdSchema,
  usdSchema,
} from './vocabulary'

export const taskStatusSchema = z.enum(TASK_STATUSES).meta({
  id: 'TaskStatus',
  description:
    'From `queued` to `processing` to `succeeded`, `failed` or `canceled`, which are final. `succeeded` only when every picture is stored.',
})

const TASK_FAILURE_MEANINGS: Readonly<Record<TaskFailureCode, string>> = {
  provider_rejected: 'Only one provider was tried, and it refused the request. Not charged.',
  provider_failed: 'Only one provider was tried; it took the job and failed it.',
  all_providers_failed: 'Several providers were tried; the message says for each why it failed.',
  content_refused: 'The content itself was refused, so no other provider was tried.',
  submit_outcome_unknown:
    'Nobody knows whether a provider took the job. It may be charged, and a picture that still comes is stored.',
  timed_out:
    'The deadline passed. A picture that still comes is stored, and a webhook `task.recovered` tells.',
  output_unavailable: 'The provider finished, but its picture could not be fetched.',
  partial_outputs: 'Some of the `n` pictures are there, in `outputs`.',
}

export const taskFailureCodeSchema = z.enum(TASK_FAILURE_CODES).meta({
  id: 'TaskFailureCode',
  description: 'Why a task failed.',
  'x-enumDescriptions': TASK_FAILURE_MEANINGS,
})

export const outputSchema = z
  .strictObject({
    index: z.int().min(0).describe('Which of the `n` pictures it is, from 0.'),
    url: z.url().describe('Signed: whoever has it may fetch the picture until it expires.'),
    url_expires_at: momentSchema.describe(
      'When `url` stops working. Read the task again for a fresh one.',
    ),
    content_type: z.string().describe('Such as `image/png`.'),
    bytes: z.int().min(0).describe('How large the file is.'),
    width: z.int().nullable().describe('In pixels; null where the picture does not tell.'),
    height: z.int().nullable().describe('In pixels; null where the picture does not tell.'),
    sha256: z.string().describe('SHA-256 of the file, in hexadecimal; also its `ETag`.'),
    content_credentials: z
      .boolean()
      .describe(
        'Whether the picture carries content credentials (C2PA). Its bytes are stored exactly as they came.',
      ),
    size_mismatch: z
      .boolean()
      .describe('Whether its pixels, or its ratio by more than 1 %, are not what was asked for.'),
  })
  .meta({ id: 'Output', description: 'A picture that is stored.' })

export const attemptSchema = z
  .strictObject({
    id: z.string().describe("`att_`, the digits of its task's id, `_` and 15 digits more."),
    provider: providerIdSchema,
    model: modelIdSchema,
    provider_task_id: z.string().nullable().describe("The provider's own id of the job."),
    status: z
      .enum(ATTEMPT_STATUSES)
      .describe(
        '`rejected`: the provider did not take the job and charged nothing. `unknown`: nobody knows whether it did.',
      ),
    credits: creditsSchema,
    usd: usdSchema,
    charged: chargedSchema,
    error: z
      .strictObject({ code: z.string(), message: z.string() })
      .nullable()
      .describe('What the provider or the network said went wrong.'),
    started_at: momentSchema,
    ended_at: momentSchema.nullable(),
  })
  .meta({ id: 'Attempt', description: 'One submission to one provider.' })

export const taskSchema = z
  .strictObject({
    id: z.string().describe('`task_` and 32 hexadecimal digits; ids sort by time.'),
    object: z.literal('task'),
    status: taskStatusSchema,
    model: modelIdSchema.describe(
      'The model that made the pictures. Until then, the one that was asked last or will be asked first. `request.model` is the name that you asked for.',
    ),
    provider: providerIdSchema
      .nullable()
      .describe(
        'The provider that made the pictures. Until then, the one that was asked last or will be asked first.',
      ),
    created_at: momentSchema,
    completed_at: momentSchema.nullable().describe('Null until the task is over.'),
    outputs: z.array(outputSchema).describe('The pictures that are stored so far.'),
    cost: z
      .strictObject({ credits: creditsSchema, usd: usdSchema, charged: chargedSchema })
      .describe(
        'What the attempts cost that were charged. `charged` is `unknown` while that of any attempt is.',
      ),
    attempts: z
      .array(attemptSchema)
      .describe('Every submission to a provider, the first one first.'),
    error: z
      .strictObject({
        code: taskFailureCodeSchema,
        message: z.string(),
        type: z.enum(['invalid_request_error', 'upstream_error']),
      })
      .nullable()
      .describe('Why the task failed, else null.'),
    metadata: z.record(z.string(), z.string()).describe('As given with the request.'),
    request: acceptedRequestSchema,
    key_id: z.string().describe('The key that made it. For the admin token only.').optional(),
  })
  .meta({ id: 'Task', description: 'A request for pictures, and what became of it.' })

export const taskListSchema = listOf(taskSchema)
  .extend({
    next_cursor: z
      .string()
      .nullable()
      .describe(
        'The `cursor` of the next page, which may be there although this one is short; null at the end.',
      ),
  })
  .meta({ id: 'TaskList', description: 'One page of tasks, newest first.' })

export type OutputJson = z.output<typeof outputSchema>
export type AttemptJson = z.output<typeof attemptSchema>
export type TaskJson = z.output<typeof taskSchema>
export type TaskListJson = z.output<typeof taskListSchema>
