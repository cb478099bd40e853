/**
 * nanobananaapi.dev: synchronous; the response itself carries the picture's URL, after minutes
 * if need be.
 *
 * From its page "GPT Image 2": one image a call, custom sizes under four rules, credits by tier ×
 * quality, reference images by URL at `/v1/images/edit`. It documents no error shape, so every
 * 4xx except 408 is a refusal. The Gemini models are the fallback it recommends; of them it documents
 * only the names here, so they get prompt and pictures and have no known price.
 */
import * as z from 'zod'
import type { Failure } from '../core/attempt'
import { type ImageRequest, QUALITIES, type Quality, type Resolution } from '../core/request'
import {
  brokenRule,
  formatSize,
  type PixelSize,
  parseSize,
  type SizeRules,
  sizeFor,
  tierOf,
} from '../core/size'
import { finishedOutcome, submitCall } from './http'
import { type ModelOffer, optionsOf, type PriceLine, type Provider } from './provider'
import {
  creditsIn,
  creditsSchema,
  type Reading,
  readAs,
  type SubmissionAnswer,
  toleratedSubmission,
  urlSchema,
} from './reading'

/** "Custom Dimensions". */
const SIZE_RULES: SizeRules = {
  multipleOf: 16,
  longEdgeMax: 3840,
  ratioMax: 3,
  pixelsMin: 655_360,
  pixelsMax: 8_294_400,
}

/** "Pricing": credits per image; quality `auto` costs what `high` costs. */
const PRICES = [
  pricesOf('1k', { low: 1, medium: 4, high: 14, auto: 14 }),
  pricesOf('2k', { low: 2, medium: 17, high: 67, auto: 67 }),
  pricesOf('4k', { low: 4, medium: 34, high: 133, auto: 133 }),
].flat()

function pricesOf(resolution: Resolution, credits: Record<Quality, number>): PriceLine[] {
  return QUALITIES.map((quality) => ({ resolution, quality, credits: credits[quality] }))
}

/** Recommended as a fallback, but documented elsewhere: a prompt, pictures and nothing else. */
const GEMINI: ModelOffer = {
  promptLengthMax: 2_000,
  promptOptionalWithImages: false,
  imageUrlsMax: 14,
  wishes: [],
  aspectRatios: null,
  negativePromptLengthMax: null,
  prices: [],
  pricedPer: 'image',
}

export const nanobananaapiDev: Provider = {
  id: 'nanobananaapi.dev',
  finishesBy: 'response',
  defaultBaseUrl: 'https://api.nanobananaapi.dev',
  defaultCreditUsd: null,
  imagesPerCall: 1,
  /** Leaves time to store the picture within the fifteen minutes that an alarm may run. */
  submitTimeoutMs: 12 * 60_000,
  models: {
    'gpt-image-2': {
      ...GEMINI,
      wishes: ['aspect_ratio', 'resolution', 'size', 'quality'],
      prices: PRICES,
    },
    'gemini-3-pro-image-preview': GEMINI,
    'gemini-3.1-flash-image-preview': GEMINI,
  },
  options: z.looseObject({}),
  ownFields: ['model', 'prompt', 'image', 'n', 'size', 'quality'],

  shapeReason(request) {
    const size = pixels(request)
    if (!size) {
      return request.aspect_ratio
        ? `has no ${request.resolution ?? '1k'} size of the aspect ratio ${request.aspect_ratio}`
        : null
    }
    const rule = brokenRule(size, SIZE_RULES)
    return rule ? `does not make the size ${formatSize(size)}: ${rule}` : null
  },

  tier(request) {
    const size = pixels(request)
    return (size && tierOf(size)) || '1k'
  },

  submit(request, account) {
    return submitCall(
      account,
      {
        path: request.image_urls ? '/v1/images/edit' : '/v1/images/generate',
        body: nativeBody(request),
        timeoutMs: nanobananaapiDev.submitTimeoutMs,
      },
      {
        accept: (body) => finishedOutcome(readAs(PICTURES, body), account),
        readError,
        anyClientErrorRefuses: true,
      },
    )
  },
}

function nativeBody(request: ImageRequest) {
  const size = pixels(request)
  return {
    ...optionsOf('nanobananaapi.dev', request),
    model: request.model,
    prompt: request.prompt,
    image: request.image_urls,
    n: request.model === 'gpt-image-2' ? 1 : undefined,
    size: size ? formatSize(size) : undefined,
    quality: request.quality,
  }
}

/** The exact size asked for, or the one that stands for a ratio and tier; null leaves it to the model. */
function pixels(request: ImageRequest): PixelSize | null {
  if (request.size) return parseSize(request.size)
  if (!request.aspect_ratio && !request.resolution) return null
  const { aspect_ratio: ratio = '1:1', resolution: tier = '1k' } = request
  return sizeFor({ ratio, tier }, SIZE_RULES, tierOf)
}

/** Its jobs can't be asked for, so an answer counts by its pictures alone. */
const PICTURES: Reading<SubmissionAnswer> = {
  documented: z
    .looseObject({ data: z.looseObject({ url: urlSchema }), costCredits: creditsSchema })
    .transform(({ data, costCredits }) => ({
      reference: null,
      urls: [data.url],
      credits: costCredits ?? creditsIn(data, 'costCredits'),
    })),
  tolerated: (body) => toleratedSubmission(body, 'costCredits'),
}

/** No shape is documented; these are the two that such services use. */
const errorSchema = z.looseObject({
  error: z.union([z.string(), z.looseObject({ message: z.string(), code: z.string().nullish() })]),
})

function readError(body: unknown): Failure | null {
  const error = errorSchema.safeParse(body).data?.error
  if (error === undefined) return null
  return typeof error === 'string'
    ? { code: 'refused', message: error }
    : { code: error.code ?? 'refused', message: error.message }
}
