/**
 * The words of aivideoapi.ai's API, as its page "GPT Image 2" has them: what its clients send, and what
 * they are told of a task, by an answer or by a callback.
 */
import * as z from 'zod'
import type { TaskRequest } from '../../core/request'
import { parseRatio, parseSize } from '../../core/size'
import type { TaskJson } from '../task'
import { taskRequestFields } from '../task-request'
import { addressSchema } from '../vocabulary'
import { modelSchema, picturesSchema } from './fields'

/** "`auto` is treated as 1:1", and it is the default. */
const DEFAULT_RATIO = '1:1'

const isShape = (value: string) =>
  value === 'auto' || parseRatio(value) !== null || parseSize(value) !== null

export const aivideoapiRequestSchema = z
  .strictObject({
    model: modelSchema,
    input: z
      .strictObject({
        prompt: taskRequestFields.prompt.describe('Required without `image_urls`.'),
        image_urls: picturesSchema,
        aspect_ratio: z
          .string()
          .refine(isShape, 'must look like "4:5" or "1881x836", or be "auto"')
          .describe(
            'A ratio, or a size in pixels, beside which `resolution` says nothing. `auto`, the default, is `1:1`.',
          )
          .optional(),
        resolution: taskRequestFields.resolution.describe('`1k` if left out.'),
        nsfw_checker: z
          .boolean()
          .describe('For aivideoapi.ai only; other providers have no such switch.')
          .optional(),
      })
      .refine(({ prompt, image_urls = [] }) => prompt !== undefined || image_urls.length > 0, {
        path: ['prompt'],
        error: 'is required without image_urls',
      }),
    callback_url: addressSchema
      .describe('A public https URL that gets the task, unsigned, when it is over.')
      .optional(),
  })
  .meta({ id: 'AivideoapiRequest', description: 'A request in the words of aivideoapi.ai.' })

export const aivideoapiAcceptedSchema = z
  .strictObject({
    code: z.literal(200),
    msg: z.literal('success'),
    data: z.strictObject({ taskId: z.string().describe('The id of the task.') }),
  })
  .meta({ id: 'AivideoapiAccepted', description: 'The task was accepted.' })

export const aivideoapiTaskSchema = z
  .strictObject({
    id: z.string(),
    status: z.enum(['pending', 'processing', 'completed', 'failed']),
    model: z.string(),
    created_at: z.int().describe('In seconds since 1970.'),
    completed_at: z.int().describe('In seconds since 1970; with `completed` only.').optional(),
    output: z
      .strictObject({
        urls: z.array(z.url()).describe('Signed, and signed afresh each time the task is read.'),
        metadata: z.strictObject({
          model: z.string().describe('The model and what it did.'),
          costTime: z.int().describe('How long the task took, in seconds.'),
        }),
      })
      .describe('There once a picture is stored, also in a task that failed before it came.')
      .optional(),
    error: z
      .strictObject({
        code: z.literal('upstream_error'),
        message: z.string().describe("The gateway's own code and reason."),
      })
      .optional(),
  })
  .meta({ id: 'AivideoapiTask', description: 'A task in the words of aivideoapi.ai.' })

export type AivideoapiRequest = z.output<typeof aivideoapiRequestSchema>
export type AivideoapiTask = z.output<typeof aivideoapiTaskSchema>

const STATUSES = {
  queued: 'pending',
  processing: 'processing',
  succeeded: 'completed',
  failed: 'failed',
  canceled: 'failed',
} as const satisfies Record<TaskJson['status'], AivideoapiTask['status']>

export function fromAivideoapi({ model, input, callback_url }: AivideoapiRequest): TaskRequest {
  const { prompt, image_urls = [], aspect_ratio = 'auto', resolution, nsfw_checker } = input
  const ratio = aspect_ratio === 'auto' ? DEFAULT_RATIO : aspect_ratio
  const isSize = parseSize(ratio) !== null
  return {
    model,
    n: 1,
    prompt,
    ...(image_urls.length > 0 ? { image_urls } : {}),
    ...(isSize ? { size: ratio } : { aspect_ratio: ratio, resolution }),
    ...(nsfw_checker === undefined
      ? {}
      : { provider_options: { 'aivideoapi.ai': { nsfw_checker } } }),
    ...(callback_url === undefined ? {} : { callback_url, callback_format: 'aivideoapi.ai' }),
  }
}

export function aivideoapiTask(task: TaskJson): AivideoapiTask {
  const status = STATUSES[task.status]
  const created_at = secondsOf(task.created_at)
  const known = { id: task.id, status, model: task.model, created_at }
  if (task.completed_at === null) return known
  const completed_at = secondsOf(task.completed_at)
  const urls = task.outputs.map(({ url }) => url)
  const did = task.request.image_urls ? 'image-to-image' : 'text-to-image'
  const metadata = { model: `${task.model}-${did}`, costTime: completed_at - created_at }
  return {
    ...known,
    ...(status === 'completed' ? { completed_at } : { error: errorOf(task) }),
    ...(urls.length > 0 ? { output: { urls, metadata } } : {}),
  }
}

/** The only word that is documented for a failed task. */
function errorOf({ error }: TaskJson): NonNullable<AivideoapiTask['error']> {
  const message = error ? `${error.code}: ${error.message}` : 'The task was canceled.'
  return { code: 'upstream_error', message }
}

function secondsOf(moment: string): number {
  return Math.floor(Date.parse(moment) / 1000)
}
