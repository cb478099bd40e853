/**
 * aivideoapi.ai: asynchronous jobs with a callback, confirmed at `GET /v1/tasks/{id}`.
 *
 * From its page "GPT Image 2": one image per call, sizes by ratio × tier or as an explicit pixel
 * size from its table, failed tasks and 503 `upstream_error` refunded, $0.005 a credit.
 */
import * as z from 'zod'
import type { Failure } from '../core/attempt'
import type { LookupOutcome } from '../core/event'
import { type ImageRequest, RESOLUTIONS, type Resolution } from '../core/request'
import { matchRatio } from '../core/size'
import { TIER_SIZES } from '../core/tier-sizes'
import { balanceCall, failedJob, pollCall, submitCall, unknownStatus } from './http'
import { optionsOf, type Provider } from './provider'
import { readablePictures, referenceSchema, textReferenceSchema, urlSchema } from './reading'

export const aivideoapiAi: Provider = {
  id: 'aivideoapi.ai',
  finishesBy: 'callback',
  defaultBaseUrl: 'https://api.aivideoapi.ai',
  defaultCreditUsd: 0.005,
  imagesPerCall: 1,
  submitTimeoutMs: 60_000,
  models: {
    'gpt-image-2': {
      promptLengthMax: 20_000,
      promptOptionalWithImages: true,
      imageUrlsMax: 16,
      wishes: ['aspect_ratio', 'resolution', 'size'],
      aspectRatios: Object.keys(TIER_SIZES),
      negativePromptLengthMax: null,
      prices: [
        { resolution: '1k', quality: null, credits: 4.7 },
        { resolution: '2k', quality: null, credits: 9.4 },
        { resolution: '4k', quality: null, credits: 14.1 },
      ],
      pricedPer: 'image',
    },
  },
  options: z.looseObject({ nsfw_checker: z.boolean().optional() }),
  ownFields: [
    'model',
    'input',
    'callback_url',
    'prompt',
    'image_urls',
    'aspect_ratio',
    'resolution',
  ],

  shapeReason: ({ size }) =>
    size && tierOfSize(size) === null ? `does not make the size ${size}` : null,

  /** The tier that an explicit size stands in, else the one asked for, else the default. */
  tier({ size, resolution }) {
    return (size && tierOfSize(size)) || resolution || '1k'
  },

  submit(request, account, callbackUrl) {
    const body = { model: request.model, callback_url: callbackUrl, input: nativeInput(request) }
    return submitCall(
      account,
      { path: '/v1/images/generations', body, timeoutMs: aivideoapiAi.submitTimeoutMs },
      {
        success: acceptedSchema,
        accept: ({ data }) => ({ type: 'accepted', reference: data.taskId, price: null }),
        readError,
        alsoRefused: (status, failure) =>
          (status === 503 && failure?.code === 'upstream_error') ||
          (status === 429 && failure?.code === 'spend_limit_exceeded'),
      },
    )
  },

  poll: {
    intervalMs: 15_000,
    ask: (reference, account) =>
      pollCall(account, `/v1/tasks/${encodeURIComponent(reference)}`, {
        success: taskSchema,
        observe,
        readError,
      }),
  },

  /** "Callback Notifications": the payload matches the answer of the task endpoint. */
  readCallback: (body) => callbackSchema.safeParse(body).data?.id ?? null,

  balance: (account) => balanceCall(account, '/v1/credits', balanceSchema),
}

function nativeInput(request: ImageRequest) {
  return {
    ...optionsOf('aivideoapi.ai', request),
    prompt: request.prompt,
    image_urls: request.image_urls,
    aspect_ratio: request.size ?? ratioOf(request),
    resolution: request.size ? aivideoapiAi.tier(request) : request.resolution,
  }
}

function ratioOf({ aspect_ratio }: ImageRequest): string | null | undefined {
  return aspect_ratio && matchRatio(aspect_ratio, Object.keys(TIER_SIZES))
}

function tierOfSize(size: string): Resolution | null {
  const rows = Object.values(TIER_SIZES)
  return RESOLUTIONS.find((tier) => rows.some((row) => row[tier].includes(size))) ?? null
}

function observe(task: z.infer<typeof taskSchema>): LookupOutcome {
  switch (task.status) {
    case 'completed': {
      const urls = task.output?.urls ?? []
      return { type: 'finished', urls, price: null }
    }
    case 'failed':
      return failedJob(readError(task), 'no', null)
    case 'pending':
    case 'processing':
      return { type: 'pending', note: null }
    default:
      return unknownStatus(task.status)
  }
}

const acceptedSchema = z.looseObject({ data: z.looseObject({ taskId: referenceSchema }) })

const callbackSchema = z.looseObject({ id: textReferenceSchema })

const taskSchema = z.looseObject({
  status: z.string(),
  output: z
    .looseObject({ urls: readablePictures(urlSchema) })
    .nullish()
    .catch(null),
  error: z.unknown().optional(),
})

/** The page names `GET /v1/credits` but not its answer: a number under one of the likely names. */
const balanceSchema = z
  .looseObject({
    credits: z.number().nullish(),
    balance: z.number().nullish(),
    data: z.looseObject({ credits: z.number().nullish(), balance: z.number().nullish() }).nullish(),
  })
  .transform(
    ({ credits, balance, data }) => credits ?? balance ?? data?.credits ?? data?.balance ?? null,
  )

const errorSchema = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string().nullish() }),
})

function readError(body: unknown): Failure | null {
  const { data } = errorSchema.safeParse(body)
  return data ? { code: data.error.code, message: data.error.message ?? data.error.code } : null
}
