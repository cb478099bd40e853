/**
 * gptimage2api.org: asynchronous jobs with numeric status, polled.
 *
 * From its pages "Generate image" and "Quickstart": four models, up to ten images a call, pixel
 * sizes of 64–4096, `creditsUsed` and `creditRefunded` in the task, status 0 pending, 1 completed,
 * 2 failed, polling every two seconds.
 */
import * as z from 'zod'
import type { Charged, Failure } from '../core/attempt'
import type { LookupOutcome } from '../core/event'
import { type ImageRequest, RESOLUTIONS, type Resolution } from '../core/request'
import {
  formatSize,
  matchRatio,
  type PixelSize,
  parseSize,
  type SizeRules,
  sizeFor,
  tierOf,
} from '../core/size'
import { failedJob, pollCall, submissionOutcome, submitCall, unknownStatus } from './http'
import { type Account, type ModelOffer, optionsOf, type Provider, toldPrice } from './provider'
import {
  creditsIn,
  creditsSchema,
  flagSchema,
  type Reading,
  readAs,
  type SubmissionAnswer,
  type TaskAnswer,
  textReferenceSchema,
  toleratedSubmission,
  toleratedTask,
  urlsSchema,
} from './reading'

const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '4:5', '5:4', '21:9']
const EDGE_MIN = 64
const EDGE_MAX = 4096
const SIZE_RULES: SizeRules = {
  multipleOf: 1,
  longEdgeMax: EDGE_MAX,
  ratioMax: EDGE_MAX / EDGE_MIN,
  pixelsMin: EDGE_MIN * EDGE_MIN,
  pixelsMax: EDGE_MAX * EDGE_MAX,
}

type Credits = Partial<Record<Resolution, number>>

/** "Supported models": a tier without a price is not made. */
function modelOffer(
  limits: { imageUrlsMax: number; promptLengthMax: number },
  credits: Credits,
  pricedPer: 'image' | 'call',
): ModelOffer {
  return {
    ...limits,
    promptOptionalWithImages: false,
    wishes: ['aspect_ratio', 'resolution', 'size', 'negative_prompt', 'seed'],
    aspectRatios: null,
    negativePromptLengthMax: 2_000,
    prices: RESOLUTIONS.flatMap((resolution) => {
      const price = credits[resolution]
      return price === undefined ? [] : [{ resolution, quality: null, credits: price }]
    }),
    pricedPer,
  }
}

const FLAT: Credits = { '1k': 3, '2k': 3, '4k': 3 }

export const gptimage2apiOrg: Provider = {
  id: 'gptimage2api.org',
  finishesBy: 'polling',
  defaultBaseUrl: 'https://gptimage2api.org',
  defaultCreditUsd: null,
  imagesPerCall: 10,
  submitTimeoutMs: 60_000,
  models: {
    'gpt-image-2': modelOffer({ imageUrlsMax: 4, promptLengthMax: 20_000 }, FLAT, 'call'),
    'nano-banana-2': modelOffer(
      { imageUrlsMax: 14, promptLengthMax: 20_000 },
      { '1k': 4, '2k': 6, '4k': 8 },
      'image',
    ),
    'nano-banana-pro': modelOffer(
      { imageUrlsMax: 8, promptLengthMax: 10_000 },
      { '2k': 12, '4k': 20 },
      'image',
    ),
    'google/nano-banana': modelOffer({ imageUrlsMax: 10, promptLengthMax: 5_000 }, FLAT, 'call'),
  },
  options: z.looseObject({
    guidanceScale: z.number().min(0).max(100).optional(),
    numInferenceSteps: z.int().min(1).max(150).optional(),
  }),
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

  shapeReason(request) {
    const size = pixels(request)
    if (size && [size.width, size.height].some((edge) => edge < EDGE_MIN || edge > EDGE_MAX))
      return `makes widths and heights of ${EDGE_MIN} to ${EDGE_MAX} pixels, not ${formatSize(size)}`
    if (!size && needsPixels(request)) return `has no size of the ratio ${request.aspect_ratio}`
    const tiers = gptimage2apiOrg.models[request.model]?.prices.map((line) => line.resolution) ?? []
    return tiers.includes(gptimage2apiOrg.tier(request))
      ? null
      : `makes ${request.model} at ${tiers.join(' and ')} only`
  },

  tier(request) {
    const size = pixels(request)
    return size ? billedTier(size) : defaultTier(request)
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
        accept: (body) => submissionOutcome(readAs(SUBMISSION, body), account),
        readError,
      },
    )
  },

  poll: {
    intervalMs: 2_000,
    ask: (reference, account) =>
      pollCall(account, `/api/ai/tasks/${encodeURIComponent(reference)}`, {
        observe: (body) => observe(readAs(TASK, body), account),
        readError,
      }),
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
    aspectRatio: size ? undefined : namedRatio(request),
    width: size?.width,
    height: size?.height,
    numOutputs: request.n === 1 ? undefined : request.n,
    seed: request.seed,
  }
}

/**
 * The pixels to ask for: an exact size, a resolution, for which there is no field of its own, or a
 * ratio that has no name here. Null leaves the size to the named ratio or to the model.
 */
function pixels(request: ImageRequest): PixelSize | null {
  if (request.size) return parseSize(request.size)
  if (!needsPixels(request)) return null
  const { aspect_ratio: ratio = '1:1', resolution: tier = defaultTier(request) } = request
  return sizeFor({ ratio, tier }, SIZE_RULES, isFlat(request) ? () => tier : billedTier)
}

/** Every size of these models costs the same. */
function isFlat({ model }: ImageRequest): boolean {
  const prices = gptimage2apiOrg.models[model]?.prices ?? []
  return new Set(prices.map((line) => line.credits)).size <= 1
}

/** Where its tiers end is not documented: as at nanobananaapi.dev, by the long edge. */
function billedTier(size: PixelSize): Resolution {
  return tierOf(size) ?? '4k'
}

function needsPixels(request: ImageRequest): boolean {
  const hasUnnamedRatio = request.aspect_ratio !== undefined && namedRatio(request) === undefined
  return request.resolution !== undefined || hasUnnamedRatio
}

function namedRatio({ aspect_ratio }: ImageRequest): string | undefined {
  return (aspect_ratio && matchRatio(aspect_ratio, RATIOS)) || undefined
}

function defaultTier(request: ImageRequest): Resolution {
  return gptimage2apiOrg.models[request.model]?.prices[0]?.resolution ?? '1k'
}

/** The names that its documentation gives the numbers. */
const STATUS_NUMBERS: Readonly<Record<string, string>> = {
  pending: '0',
  completed: '1',
  failed: '2',
}

function observe(answer: TaskAnswer | null, account: Account): LookupOutcome | null {
  if (answer === null) return null
  const { status, urls, task } = answer
  const price = toldPrice(creditsIn(task, 'creditsUsed'), account)
  switch (STATUS_NUMBERS[status] ?? status) {
    case '0':
      return { type: 'pending', note: null }
    case '1':
      return { type: 'finished', urls, price }
    case '2': {
      const { errorCode, errorMessage } = failureSchema.parse(task)
      const failure = { code: String(errorCode ?? 'failed'), message: errorMessage ?? FAILED }
      return failedJob(failure, chargedAfterFailure(task.creditRefunded), price)
    }
    default:
      return unknownStatus(status)
  }
}

/** A failed job is refunded where its answer does not say otherwise; an odd word says nothing. */
function chargedAfterFailure(creditRefunded: unknown): Charged {
  const isRefunded = flagSchema.nullish().safeParse(creditRefunded)
  if (!isRefunded.success) return 'unknown'
  return isRefunded.data === false ? 'yes' : 'no'
}

const SUBMISSION: Reading<SubmissionAnswer> = {
  documented: z
    .looseObject({ taskId: textReferenceSchema, creditsUsed: creditsSchema })
    .transform(({ taskId, creditsUsed }) => ({
      reference: taskId,
      urls: [],
      credits: creditsUsed ?? null,
    })),
  tolerated: (body) => toleratedSubmission(body, 'creditsUsed'),
}

const TASK: Reading<TaskAnswer> = {
  documented: z
    .discriminatedUnion('status', [
      z.looseObject({ status: z.literal([0, 2]) }),
      z.looseObject({ status: z.literal(1), outputImageUrls: urlsSchema }),
    ])
    .transform((task) => ({
      status: String(task.status),
      urls: task.status === 1 ? task.outputImageUrls : [],
      task,
    })),
  tolerated: (body) => toleratedTask(body, 'outputImageUrls'),
}

const FAILED = 'The job failed.'

const failureSchema = z.looseObject({
  errorCode: z.union([z.string(), z.number()]).nullish().catch(null),
  errorMessage: z.string().nullish().catch(null),
})

const errorSchema = z.looseObject({ error: z.string() })

function readError(body: unknown): Failure | null {
  const { data } = errorSchema.safeParse(body)
  return data
    ? { code: data.error.toLowerCase().replaceAll(/\W+/g, '_'), message: data.error }
    : null
}
