/**
 * The words of gptimage2.ai's API, as its page has them: what its clients send, and what they are told
 * of a task.
 */
import * as z from 'zod'
import type { JsonObject, TaskRequest } from '../../core/request'
import type { TaskJson } from '../task'
import { taskRequestFields } from '../task-request'
import { picturesSchema, promptSchema } from './fields'

const COUNT_MAX = 4
const CREDITS_PER_IMAGE = 10

const text = z.string().optional()

export const gptimage2RequestSchema = z
  .strictObject({
    prompt: promptSchema,
    mode: z
      .enum(['text-to-image', 'image-to-image'])
      .describe('What `imageUrls` says anyway; the two may not contradict each other.')
      .optional(),
    ratio: taskRequestFields.aspect_ratio.describe('Width to height, such as `16:9`.'),
    count: z
      .int()
      .default(1)
      .describe(`How many pictures. Less than 1 is 1, more than ${COUNT_MAX} is ${COUNT_MAX}.`),
    imageUrls: picturesSchema,
    style: text.describe('A preset of gptimage2.ai; other providers have no such thing.'),
    lighting: text.describe('Appended to the prompt, for whichever provider.'),
    camera: text.describe('Appended to the prompt, for whichever provider.'),
    negative: text.describe('Appended to the prompt as what to avoid, for whichever provider.'),
  })
  .superRefine(({ mode, imageUrls = [] }, context) => {
    const refuse = (message: string) =>
      context.addIssue({ code: 'custom', path: ['imageUrls'], message })
    if (mode === 'image-to-image' && imageUrls.length === 0)
      refuse('is required with mode image-to-image')
    if (mode === 'text-to-image' && imageUrls.length > 0)
      refuse("can't be combined with mode text-to-image")
  })
  .meta({ id: 'Gptimage2Request', description: 'A request in the words of gptimage2.ai.' })

export const gptimage2JobSchema = z
  .strictObject({
    jobId: z.string().describe('The id of the task.'),
    status: z.enum(['pending', 'running', 'succeeded', 'failed']),
    results: z
      .array(
        z.strictObject({
          imageUrl: z.url().describe('Signed, and signed afresh each time.'),
          finalPrompt: z.string().describe('The prompt with what was appended to it.'),
          seed: z.string().describe('The number of the picture: no provider tells its seed.'),
        }),
      )
      .describe('Also of a task that failed with some of its pictures.')
      .optional(),
    error: z.string().describe("The gateway's own code of the failure.").optional(),
    balance: z
      .strictObject({
        paidCredits: z.number().describe(`${CREDITS_PER_IMAGE} for each of \`totalImages\`.`),
        freeImagesRemaining: z.literal(0),
        totalImages: z
          .int()
          .describe('How many plain pictures the key may still have made at the dearest provider.'),
        freeImagesPerDay: z.literal(0),
      })
      .describe('Of the spend limits of the key; left out for a key without any.')
      .optional(),
  })
  .meta({ id: 'Gptimage2Job', description: 'A task in the words of gptimage2.ai.' })

export type Gptimage2Request = z.output<typeof gptimage2RequestSchema>
export type Gptimage2Job = z.output<typeof gptimage2JobSchema>

const STATUSES = {
  queued: 'pending',
  processing: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
} as const satisfies Record<TaskJson['status'], Gptimage2Job['status']>

export function fromGptimage2(request: Gptimage2Request): TaskRequest {
  const { ratio, count, imageUrls = [], style } = request
  const options: JsonObject | null = style === undefined ? null : { style }
  return {
    model: 'gpt-image-2',
    n: Math.min(COUNT_MAX, Math.max(1, count)),
    prompt: finalPrompt(request),
    aspect_ratio: ratio,
    ...(imageUrls.length > 0 ? { image_urls: imageUrls } : {}),
    ...(options ? { provider_options: { 'gptimage2.ai': options } } : {}),
  }
}

/** The page says of each hint that it is appended to the prompt; here that is done for every provider. */
function finalPrompt({ prompt, lighting, camera, negative }: Gptimage2Request): string {
  const hints = [
    ['Lighting', lighting],
    ['Camera', camera],
    ['Avoid', negative],
  ]
  return [
    prompt,
    ...hints.flatMap(([name, hint]) => (hint?.trim() ? [`${name}: ${hint}`] : [])),
  ].join('\n')
}

/** @param imagesLeft how many the key may still have made; null without a limit */
export function gptimage2Job(task: TaskJson, imagesLeft: number | null): Gptimage2Job {
  const results = task.outputs.map(({ index, url }) => ({
    imageUrl: url,
    finalPrompt: task.request.prompt ?? '',
    seed: String(index + 1),
  }))
  const status = STATUSES[task.status]
  return {
    jobId: task.id,
    status,
    ...(task.completed_at !== null && results.length > 0 ? { results } : {}),
    ...(status === 'failed' ? { error: task.error?.code ?? 'task_canceled' } : {}),
    ...(imagesLeft === null ? {} : { balance: balanceOf(imagesLeft) }),
  }
}

function balanceOf(totalImages: number): NonNullable<Gptimage2Job['balance']> {
  const paidCredits = totalImages * CREDITS_PER_IMAGE
  return { paidCredits, freeImagesRemaining: 0, totalImages, freeImagesPerDay: 0 }
}
