/** What several tools take and give, made of the schemas of `/v1`. */
import * as z from 'zod'
import { taskSchema } from '../../wire/task'
import { taskRequestFields } from '../../wire/task-request'
import { integerSchema } from '../../wire/vocabulary'
import { idempotencyKeySchema } from '../idempotency-key'
import { WAIT_SECONDS_MAX } from '../tasks/wait'

/** Most clients give a call up after a minute. */
const WAIT_SECONDS_DEFAULT = 50
/** A list must not fill a model's context with prompts. */
const PROMPT_LENGTH_SHOWN = 200

/** What a picture may be asked for; what only makes sense to a program is left to `/v1`. */
export const wishSchema = z
  .strictObject(taskRequestFields)
  .pick({
    model: true,
    n: true,
    aspect_ratio: true,
    resolution: true,
    size: true,
    quality: true,
    negative_prompt: true,
    seed: true,
    provider: true,
    providers: true,
    fallback_models: true,
    route: true,
    max_usd: true,
    failover_on_refusal: true,
    deadline_seconds: true,
    metadata: true,
  })
  .extend({
    prompt: taskRequestFields.prompt.unwrap().describe('What the picture should show.'),
    max_usd: taskRequestFields.max_usd.describe(
      'The most that the task may cost, in US dollars. A dearer provider, or one of unknown price, is not used. The operator may have set such a cap for this key too: then the lower of the two holds, and without this field that of the key.',
    ),
  })

/** How a call that makes a picture is repeated and waited for. */
export const callSchema = z.strictObject({
  idempotency_key: idempotencyKeySchema.describe(
    'Your own name for this picture. With the same name and the same arguments you get the same picture again, and nothing is paid twice, for as long as the gateway knows the task.',
  ),
  wait_seconds: integerSchema(0, WAIT_SECONDS_MAX)
    .default(WAIT_SECONDS_DEFAULT)
    .describe('How long the answer may be held for the picture. With 0 you get the task at once.'),
})

export const waitSchema = callSchema.pick({ wait_seconds: true })

export const taskIdSchema = z
  .string()
  .describe('The `id` of a task, as generate_image, edit_image or list_tasks gave it.')

/** A task without what a model need not read. */
export const shownTaskSchema = taskSchema
  .pick({
    id: true,
    status: true,
    model: true,
    provider: true,
    created_at: true,
    completed_at: true,
    outputs: true,
    cost: true,
    error: true,
  })
  .extend({
    prompt: z
      .string()
      .nullable()
      .describe(`What was asked for, the first ${PROMPT_LENGTH_SHOWN} characters of it.`),
  })

export type ShownTask = z.output<typeof shownTaskSchema>

export function shownPrompt(prompt: string | undefined): string | null {
  return prompt?.slice(0, PROMPT_LENGTH_SHOWN) ?? null
}
