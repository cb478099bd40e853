/**
 * gptimage2api.org: asynchronous jobs with numeric status, polled.
 *
 * From its pages "Generate image" and "Quickstart": four models, up to ten images a call, pixel
 * sizes of 64–4096, `creditsUsed` and `creditRefunded` in the task, status 0 pending, 1 completed,
 * 2 failed, polling every two seconds.
 */
import * as z from 'zod'
import {
  formatSize,
  type PixelSize,
  parseRatio,
  parseSize,
  type SizeRules,
  sizeFor,
  tierOf,
} from '../core/size'
import type { Failure, ImageRequest, Model, Resolution } from '../core/task'
import { failedJob, pollCall, submitCall } from './http'
import {
  absentReason,
  imagesReason,
  modelReason,
  optionsReason,
  promptReason,
  ratioReason,
} from './limits'
import { type Observation, optionsOf, type Provider } from './provider'

interface ModelLimits {
  imagesMax: number
  promptMax: number
  /** Credits of one image by tier; a tier without a price is not made. */
  credits: Partial<Record<Resolution, number>>
  /** "Flat … credits per call": however many images the call makes. */
  flatPerCall: boolean
  defaultTier: Resolution
}

/** "Supported models". */
export const LIMITS: Partial<Record<Model, ModelLimits>> = {
  'gpt-image-2': {
    imagesMax: 4,
    promptMax: 20_000,
    credits: { '1k': 3, '2k': 3, '4k': 3 },
    flatPerCall: true,
    defaultTier: '1k',
  },
  'nano-banana-2': {
    imagesMax: 14,
    promptMax: 20_000,
    credits: { '1k': 4, '2k': 6, '4k': 8 },
    flatPerCall: false,
    defaultTier: '1k',
  },
  'nano-banana-pro': {
    imagesMax: 8,
    promptMax: 10_000,
    credits: { '2k': 12, '4k': 20 },
    flatPerCall: false,
    defaultTier: '2k',
  },
  'google/nano-banana': {
    imagesMax: 10,
    promptMax: 5_000,
    credits: { '1k': 3, '2k': 3, '4k': 3 },
    flatPerCall: true,
    defaultTier: '1k',
  },
}

const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '4:5', '5:4', '21:9']
const EDGE_MIN = 64
const EDGE_MAX = 4096
const NEGATIVE_PROMPT_MAX = 2_000
const SIZE_RULES: SizeRules = {
  multipleOf: 16,
  longEdgeMax: EDGE_MAX,
  ratioMax: EDGE_MAX / EDGE_MIN,
  pixelsMin: EDGE_MIN * EDGE_MIN,
  pixelsMax: EDGE_MAX * EDGE_MAX,
}

const optionsSchema = z.looseObject({
  guidanceScale: z.number().min(0).max(100).optional(),
  numInferenceSteps: z.int().min(1).max(150).optional(),
})

export const gptimage2apiOrg: Provider = {
  id: 'gptimage2api.org',
  finishesBy: 'polling',
  defaultBaseUrl: 'https://gptimage2api.org',
  defaultCreditUsd: null,
  imagesPerCall: 10,
  submitTimeoutMs: 60_000,
  pollIntervalMs: 2_000,
  ownFields: [
    'model',
    'prompt',
    'negativePrompt',
    'inputImageUrls',
    'aspectRatio',
    'width',
    'height',
    'numOutputs',
    'seed',
  ],

  unsupported(request) {
    const limits = LIMITS[request.model]
    if (!limits) return modelReason(request, [])
    return (
      promptReason(request, { lengthMax: limits.promptMax, optionalWithImages: false }) ??
      imagesReason(request, limits.imagesMax) ??
      absentReason(request, ['quality']) ??
      negativePromptReason(request) ??
      sizeReason(request, limits) ??
      optionsReason(gptimage2apiOrg, request, optionsSchema)
    )
  },

  credits(request) {
    const limits = LIMITS[request.model]
    const credits = limits?.credits[tier(request, limits)]
    if (!limits || credits === undefined) return null
    return limits.flatPerCall ? credits : credits * request.n
  },

  submit(request, account) {
    return submitCall(
      account,
      {
        path: '/api/ai/image/generate',
        body: nativeBody(request),
        timeoutMs: gptimage2apiOrg.submitTimeoutMs,
      },
      {
        success: acceptedSchema,
        accept: (task) => ({
          kind: 'accepted',
          reference: task.taskId,
          credits: task.creditsUsed ?? null,
        }),
        readError,
      },
    )
  },

  poll(reference, account) {
    return pollCall(account, `/api/ai/tasks/${encodeURIComponent(reference)}`, {
      success: taskSchema,
      observe,
    })
  },
}

function nativeBody(request: ImageRequest) {
  const size = pixels(request)
  return {
    ...optionsOf('gptimage2api.org', request),
    model: request.model,
    prompt: request.prompt,
    negativePrompt: request.negative_prompt,
    inputImageUrls: request.image_urls,
    aspectRatio: size ? undefined : request.aspect_ratio,
    width: size?.width,
    height: size?.height,
    numOutputs: request.n === 1 ? undefined : request.n,
    seed: request.seed,
  }
}

/** The pixels to ask for: an exact size, or a resolution, for which there is no field of its own. */
function pixels(request: ImageRequest): PixelSize | null {
  if (request.size) return parseSize(request.size)
  if (!request.resolution) return null
  return sizeFor(parseRatio(request.aspect_ratio ?? '1:1') ?? 1, request.resolution, SIZE_RULES)
}

function tier(request: ImageRequest, limits: ModelLimits): Resolution {
  const size = pixels(request)
  return size ? (tierOf(size) ?? '4k') : limits.defaultTier
}

function sizeReason(request: ImageRequest, limits: ModelLimits): string | null {
  const size = pixels(request)
  if (!size) {
    if (request.resolution || request.size)
      return `has no ${request.resolution ?? ''} size of that shape`
    return ratioReason(request, RATIOS)
  }
  const edges = [size.width, size.height]
  if (edges.some((edge) => edge < EDGE_MIN || edge > EDGE_MAX))
    return `makes widths and heights of ${EDGE_MIN} to ${EDGE_MAX} pixels, not ${formatSize(size)}`
  return limits.credits[tier(request, limits)] === undefined
    ? `makes ${request.model} at ${Object.keys(limits.credits).join(' and ')} only`
    : null
}

function negativePromptReason(request: ImageRequest): string | null {
  return (request.negative_prompt?.length ?? 0) > NEGATIVE_PROMPT_MAX
    ? `takes a negative_prompt of at most ${NEGATIVE_PROMPT_MAX} characters`
    : null
}

function observe(task: z.infer<typeof taskSchema>): Observation {
  const credits = task.creditsUsed ?? null
  switch (task.status) {
    case 0:
      return { kind: 'pending', note: null }
    case 1: {
      const urls = task.outputImageUrls ?? []
      return urls.length > 0
        ? { kind: 'finished', urls, credits }
        : { kind: 'unavailable', reason: 'completed without any URL' }
    }
    case 2: {
      const code = String(task.errorCode ?? 'failed')
      const message = task.errorMessage ?? 'The job failed.'
      return failedJob({ code, message }, task.creditRefunded === false ? 'yes' : 'no', credits)
    }
    default:
      return { kind: 'pending', note: `unknown status ${task.status}` }
  }
}

const acceptedSchema = z.looseObject({
  taskId: z.string().min(1),
  creditsUsed: z.number().nullish(),
})

const taskSchema = z.looseObject({
  status: z.union([z.number(), z.string()]).transform(Number),
  outputImageUrls: z.array(z.string()).nullish(),
  creditsUsed: z.number().nullish(),
  creditRefunded: z.boolean().nullish(),
  errorCode: z.union([z.string(), z.number()]).nullish(),
  errorMessage: z.string().nullish(),
})

const errorSchema = z.looseObject({ error: z.string() })

function readError(body: unknown): Failure | null {
  const { data } = errorSchema.safeParse(body)
  return data
    ? { code: data.error.toLowerCase().replaceAll(/\W+/g, '_'), message: data.error }
    : null
}
