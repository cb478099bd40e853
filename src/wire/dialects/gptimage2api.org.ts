/**
 * The words of gptimage2api.org's API, as its pages "Generate image" and "Quickstart" have them: what
 * its clients send, and what they are told of a task.
 */
import * as z from 'zod'
import type { JsonObject, JsonValue, TaskRequest } from '../../core/request'
import { roundMoney } from '../../core/spending'
import type { TaskJson } from '../task'
import { isOfOptionsSize, jsonValueSchema, OPTIONS_SIZE, taskRequestFields } from '../task-request'
import { integerSchema } from '../vocabulary'
import { modelSchema, picturesSchema, promptSchema } from './fields'

const EDGE_MIN = 64
const EDGE_MAX = 4096
const OWN_ONLY = 'For gptimage2api.org only; other providers have no such setting.'
const WHERE_KNOWN = 'Heeded by providers that have such a setting.'

const edgeSchema = integerSchema(EDGE_MIN, EDGE_MAX)

export const gptimage2apiRequestSchema = z
  .strictObject({
    prompt: promptSchema,
    model: modelSchema,
    negativePrompt: taskRequestFields.negative_prompt.describe(WHERE_KNOWN),
    width: edgeSchema
      .describe('In pixels, with `height`; `aspectRatio` then says nothing.')
      .optional(),
    height: edgeSchema.describe('In pixels, with `width`.').optional(),
    aspectRatio: taskRequestFields.aspect_ratio.describe(
      'Width to height, such as `4:5`, or `auto`.',
    ),
    numOutputs: integerSchema(1, 10).default(1).describe('How many pictures.'),
    seed: taskRequestFields.seed.describe(WHERE_KNOWN),
    guidanceScale: z.number().min(0).max(100).describe(OWN_ONLY).optional(),
    numInferenceSteps: integerSchema(1, 150).describe(OWN_ONLY).optional(),
    inputImageUrls: picturesSchema,
    providerInput: z
      .record(z.string(), jsonValueSchema)
      .refine(isOfOptionsSize, OPTIONS_SIZE)
      .describe(OWN_ONLY)
      .optional(),
  })
  .superRefine(({ width, height }, context) => {
    if ((width === undefined) === (height === undefined)) return
    const [missing, given] = width === undefined ? ['width', 'height'] : ['height', 'width']
    context.addIssue({ code: 'custom', path: [missing], message: `is required with ${given}` })
  })
  .meta({ id: 'Gptimage2apiRequest', description: 'A request in the words of gptimage2api.org.' })

const statusSchema = z.literal([0, 1, 2]).describe('0: keep polling. 1: completed. 2: failed.')
const creditsSchema = z
  .number()
  .describe(
    'Credits of the provider that makes it; until it was asked, what the first one in line costs.',
  )

export const gptimage2apiAcceptedSchema = z
  .strictObject({
    taskId: z.string().describe('The id of the task.'),
    status: statusSchema,
    creditsUsed: creditsSchema,
  })
  .meta({ id: 'Gptimage2apiAccepted', description: 'The task was accepted.' })

export const gptimage2apiTaskSchema = z
  .strictObject({
    id: z.string(),
    type: z.literal('image'),
    status: statusSchema,
    outputImageUrls: z
      .array(z.url())
      .describe(
        'Signed, and signed afresh each time. Also of a task that failed with some of its pictures.',
      )
      .optional(),
    createdAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
    creditsUsed: creditsSchema,
    creditRefunded: z
      .boolean()
      .describe('Whether a failed task cost nothing. False where nobody can tell.'),
    errorCode: z.string().describe("The gateway's own code of the failure.").optional(),
    errorMessage: z.string().optional(),
  })
  .meta({ id: 'Gptimage2apiTask', description: 'A task in the words of gptimage2api.org.' })

export type Gptimage2apiRequest = z.output<typeof gptimage2apiRequestSchema>
export type Gptimage2apiTask = z.output<typeof gptimage2apiTaskSchema>

const STATUSES = {
  queued: 0,
  processing: 0,
  succeeded: 1,
  failed: 2,
  canceled: 2,
} as const satisfies Record<TaskJson['status'], Gptimage2apiTask['status']>

export function fromGptimage2api(request: Gptimage2apiRequest): TaskRequest {
  const { model, prompt, negativePrompt, width, height, aspectRatio, numOutputs, seed } = request
  const { inputImageUrls = [], guidanceScale, numInferenceSteps, providerInput } = request
  const options = givenOf({ guidanceScale, numInferenceSteps, providerInput })
  const hasSize = width !== undefined && height !== undefined
  return {
    model,
    n: numOutputs,
    prompt,
    negative_prompt: negativePrompt,
    seed,
    optional_wishes: ['negative_prompt', 'seed'],
    ...(hasSize ? { size: `${width}x${height}` } : { aspect_ratio: aspectRatio }),
    ...(inputImageUrls.length > 0 ? { image_urls: inputImageUrls } : {}),
    ...(Object.keys(options).length > 0
      ? { provider_options: { 'gptimage2api.org': options } }
      : {}),
  }
}

function givenOf(options: Record<string, JsonValue | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}

/** @param expected credits of the first provider in line */
export function gptimage2apiTask(task: TaskJson, expected: number | null): Gptimage2apiTask {
  const urls = task.outputs.map(({ url }) => url)
  const isOver = task.completed_at !== null
  const status = STATUSES[task.status]
  return {
    id: task.id,
    type: 'image',
    status,
    ...(isOver && urls.length > 0 ? { outputImageUrls: urls } : {}),
    createdAt: task.created_at,
    completedAt: task.completed_at,
    creditsUsed: creditsUsed(task, expected),
    creditRefunded: status === 2 && task.cost.charged === 'no',
    ...(status === 2
      ? {
          errorCode: task.error?.code ?? 'task_canceled',
          errorMessage: task.error?.message ?? 'The task was canceled.',
        }
      : {}),
  }
}

/** What was or may be charged, else what was refunded or will be asked for. */
function creditsUsed({ attempts }: TaskJson, expected: number | null): number {
  const paid = attempts.filter(({ charged }) => charged !== 'no')
  if (paid.length === 0) return attempts.at(-1)?.credits ?? expected ?? 0
  return roundMoney(paid.reduce((sum, { credits }) => sum + (credits ?? 0), 0))
}
