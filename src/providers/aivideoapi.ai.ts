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
import {
  balanceCall,
  failedJob,
  pollCall,
  submissionOutcome,
  submitCall,
  unknownStatus,
} from './http'
import { optionsOf, type Provider } from './provider'
import {
  type Reading,
  readAs,
  type SubmissionAnswer,
  type TaskAnswer,
  textReferenceSchema,
  toleratedReference,
  toleratedSubmission,
  toleratedTask,
  urlsSchema,
} from './reading'

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
        accept: (body) => submissionOutcome(readAs(SUBMISSION, body), account),
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
        observe: (body) => observe(readAs(TASK, body)),
        readError,
      }),
  },

  /** "Callback Notifications": the payload matches the answer of the task endpoint. */
  readCallback: (body) => readAs(CALLBACK, body),

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

function observe(answer: TaskAnswer | null): LookupOutcome | null {
  if (answer === null) return null
  switch (answer.status) {
    case 'completed':
      return { type: 'finished', urls: answer.urls, price: null }
    case 'failed':
      return failedJob(readError(answer.task), 'no', null)
    case 'pending':
    case 'processing':
      return { type: 'pending', note: null }
    default:
      return unknownStatus(answer.status)
  }
}

const SUBMISSION: Reading<SubmissionAnswer> = {
  documented: z
    .looseObject({ data: z.looseObject({ taskId: textReferenceSchema }) })
    .transform(({ data }) => ({ reference: data.taskId, urls: [], credits: null })),
  tolerated: (body) => toleratedSubmission(body),
}

const TASK: Reading<TaskAnswer> = {
  documented: z
    .discriminatedUnion('status', [
      z.looseObject({ status: z.literal(['pending', 'processing', 'failed']) }),
      z.looseObject({
        status: z.literal('completed'),
        output: z.looseObject({ urls: urlsSchema }),
      }),
    ])
    .transform((task) => ({
      status: task.status,
      urls: task.status === 'completed' ? task.output.urls : [],
      task,
    })),
  tolerated: (body) => toleratedTask(body, 'output'),
}

const CALLBACK: Reading<string> = {
  documented: z.looseObject({ id: textReferenceSchema }).transform(({ id }) => id),
  tolerated: toleratedReference,
}

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
