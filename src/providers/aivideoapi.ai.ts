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
import { balanceCall, failedJob, pollCall, submitCall, unknownStatus } from './http'
import { optionsOf, type Provider } from './provider'
import { readablePictures, referenceSchema, textReferenceSchema, urlSchema } from './reading'

/** "Size & Resolution": the pixels of each ratio and tier. */
export const SIZES: Record<string, Record<Resolution, readonly string[]>> = {
  '1:1': { '1k': ['1024x1024', '1254x1254'], '2k': ['2048x2048'], '4k': ['2880x2880'] },
  '3:2': { '1k': ['1536x1024'], '2k': ['2048x1360'], '4k': ['3520x2336'] },
  '2:3': { '1k': ['1024x1536'], '2k': ['1360x2048'], '4k': ['2336x3520'] },
  '4:3': { '1k': ['1024x768'], '2k': ['2048x1536'], '4k': ['3312x2480'] },
  '3:4': { '1k': ['768x1024'], '2k': ['1536x2048'], '4k': ['2480x3312'] },
  '5:4': { '1k': ['1280x1024', '1448x1086'], '2k': ['2560x2048'], '4k': ['3216x2576'] },
  '4:5': { '1k': ['1024x1280', '1122x1402'], '2k': ['2048x2560'], '4k': ['2576x3216'] },
  '16:9': { '1k': ['1536x864', '1672x941'], '2k': ['2048x1152'], '4k': ['3840x2160'] },
  '9:16': { '1k': ['864x1536', '941x1672'], '2k': ['1152x2048'], '4k': ['2160x3840'] },
  '2:1': { '1k': ['2048x1024', '1774x887'], '2k': ['2688x1344'], '4k': ['3840x1920'] },
  '1:2': { '1k': ['1024x2048', '887x1774'], '2k': ['1344x2688'], '4k': ['1920x3840'] },
  '3:1': { '1k': ['1881x836', '1536x512'], '2k': ['3072x1024'], '4k': ['3840x1280'] },
  '1:3': { '1k': ['887x1774', '512x1536'], '2k': ['1024x3072'], '4k': ['1280x3840'] },
  '21:9': { '1k': ['2016x864', '1915x821'], '2k': ['2688x1152'], '4k': ['3840x1648'] },
  '9:21': { '1k': ['864x2016', '821x1915'], '2k': ['1152x2688'], '4k': ['1648x3840'] },
}

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
      aspectRatios: Object.keys(SIZES),
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
  return aspect_ratio && matchRatio(aspect_ratio, Object.keys(SIZES))
}

function tierOfSize(size: string): Resolution | null {
  const rows = Object.values(SIZES)
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
