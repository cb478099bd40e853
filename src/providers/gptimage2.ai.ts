/**
 * gptimage2.ai: asynchronous jobs, polled: 202 while pending or running, then 200.
 *
 * From its API page: five ratios, one to four images a call at ten credits each, reference
 * images by URL, failed jobs refunded, a machine-readable word in `error`.
 */
import * as z from 'zod'
import type { Failure } from '../core/attempt'
import type { LookupOutcome } from '../core/event'
import type { ImageRequest } from '../core/request'
import { matchRatio } from '../core/size'
import { failedJob, pollCall, submissionOutcome, submitCall, unknownStatus } from './http'
import { optionsOf, type Provider } from './provider'
import {
  type Reading,
  readAs,
  type SubmissionAnswer,
  type TaskAnswer,
  textReferenceSchema,
  toleratedSubmission,
  toleratedTask,
  urlSchema,
} from './reading'

const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4']

export const gptimage2Ai: Provider = {
  id: 'gptimage2.ai',
  finishesBy: 'polling',
  defaultBaseUrl: 'https://gptimage2.ai',
  defaultCreditUsd: null,
  imagesPerCall: 4,
  submitTimeoutMs: 60_000,
  models: {
    'gpt-image-2': {
      promptLengthMax: null,
      promptOptionalWithImages: false,
      imageUrlsMax: null,
      wishes: ['aspect_ratio', 'negative_prompt'],
      aspectRatios: RATIOS,
      negativePromptLengthMax: null,
      prices: [{ resolution: null, quality: null, credits: 10 }],
      pricedPer: 'image',
    },
  },
  options: z.looseObject({
    style: z.string().optional(),
    lighting: z.string().optional(),
    camera: z.string().optional(),
  }),
  ownFields: ['prompt', 'mode', 'ratio', 'count', 'imageUrls', 'negative'],
  shapeReason: () => null,
  tier: () => '1k',

  submit(request, account) {
    return submitCall(
      account,
      { path: '/api/generate', body: nativeBody(request), timeoutMs: gptimage2Ai.submitTimeoutMs },
      {
        accept: (body) => submissionOutcome(readAs(SUBMISSION, body), account),
        readError,
      },
    )
  },

  poll: {
    intervalMs: 2_500,
    ask: (reference, account) =>
      pollCall(account, `/api/generate/${encodeURIComponent(reference)}`, {
        observe: (body) => observe(readAs(JOB, body)),
        readError,
      }),
  },
}

function nativeBody(request: ImageRequest) {
  return {
    ...optionsOf('gptimage2.ai', request),
    prompt: request.prompt,
    mode: request.image_urls ? 'image-to-image' : 'text-to-image',
    ratio: request.aspect_ratio && matchRatio(request.aspect_ratio, RATIOS),
    count: request.n,
    imageUrls: request.image_urls,
    negative: request.negative_prompt,
  }
}

function observe(answer: TaskAnswer | null): LookupOutcome | null {
  if (answer === null) return null
  switch (answer.status) {
    case 'succeeded':
      return { type: 'finished', urls: answer.urls, price: null }
    case 'failed':
      return failedJob(readError(answer.task), 'no', null)
    case 'pending':
    case 'running':
      return { type: 'pending', note: null }
    default:
      return unknownStatus(answer.status)
  }
}

const SUBMISSION: Reading<SubmissionAnswer> = {
  documented: z
    .looseObject({ jobId: textReferenceSchema })
    .transform(({ jobId }) => ({ reference: jobId, urls: [], credits: null })),
  tolerated: (body) => toleratedSubmission(body),
}

const JOB: Reading<TaskAnswer> = {
  documented: z
    .discriminatedUnion('status', [
      z.looseObject({ status: z.literal(['pending', 'running', 'failed']) }),
      z.looseObject({
        status: z.literal('succeeded'),
        results: z.array(z.looseObject({ imageUrl: urlSchema })).min(1),
      }),
    ])
    .transform((task) => ({
      status: task.status,
      urls: task.status === 'succeeded' ? task.results.map(({ imageUrl }) => imageUrl) : [],
      task,
    })),
  tolerated: (body) => toleratedTask(body, 'results'),
}

const errorSchema = z.looseObject({ error: z.string() })

function readError(body: unknown): Failure | null {
  const { data } = errorSchema.safeParse(body)
  return data ? { code: data.error, message: data.error } : null
}
