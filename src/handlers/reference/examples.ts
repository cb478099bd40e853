/** Answers as they look in the reference. The compiler holds them to the schemas. */
import type { ModelListJson, ProviderListJson, QuoteListJson } from '../../wire/catalogue'
import type { ErrorJson } from '../../wire/error'
import type { KeyJson } from '../../wire/key'
import type { TaskJson } from '../../wire/task'
import type { UploadJson } from '../../wire/upload'
import type { UsageListJson } from '../../wire/usage'
import type { DeliveryJson } from '../../wire/webhook'

const CREATED_AT = '2026-11-21T08:00:00.000Z'
const ENDED_AT = '2026-11-21T08:00:05.000Z'
const TOMORROW = '2026-11-22T08:00:05.000Z'
const SHA256 = 'a5d9a9512367d0526778be67a9d5ecd37f0bd3576f2160494fa79d68c2cd96ab'
const SIGNED = 'expires=1795334405&signature=gt0qpfpcPze4ZaOF9cmk56dWDsrIEKPDtamuD7_Ya8A'

export const TASK_ID = 'task_01a1fc396d727d5ab2d9621d40fe8577'
export const KEY_ID = 'key_01a1fc38b1c07c3f9a54d1f6a1b2c3d4'
export const UPLOAD_ID = 'upl_01a1fc390f2e7a4db0d7a8b9c0d1e2f3'
export const DELIVERY_ID = 'msg_01a1fc397e3a7b21a4c5d6e7f8091a2b'
export const ATTEMPT_ID = 'att_01a1fc396d7f7c1e8f0a1b2c3d4e5f60'
export const CALLBACK_TOKEN = 'SSdkPwKNYxQpXAJ0uWl4RcBv9GmT2hZfLeOi7sHyVqE'
export const PROVIDER_TASK_ID = '44abf20b-34fa-42c5-8034-2ba174e4eb26'
const CLIENT_KEY = 'ig_J2xkPwKNYxQpXAJ0uWl4RcBv9GmT2hZfLeOi7sHyVqE'
const WEBHOOK_SECRET = 'whsec_gt0qpfpcPze4ZaOF9cmk56dWDsrIEKPDtamuD7aYa8A='

/** Where examples want their webhooks. */
export const CALLBACK_URL = 'https://client.example.com/webhooks/imagegate'

export const queuedTask: TaskJson = {
  id: TASK_ID,
  object: 'task',
  status: 'queued',
  model: 'gpt-image-2',
  provider: 'aivideoapi.ai',
  created_at: CREATED_AT,
  completed_at: null,
  outputs: [],
  cost: { credits: 0, usd: 0, charged: 'no' },
  attempts: [],
  error: null,
  metadata: {},
  request: {
    model: 'gpt-image-2',
    n: 1,
    prompt: 'A paper boat on a puddle',
    aspect_ratio: '4:3',
    callback_url: CALLBACK_URL,
  },
}

export const finishedTask: TaskJson = {
  ...queuedTask,
  status: 'succeeded',
  completed_at: ENDED_AT,
  outputs: [
    {
      index: 0,
      url: `https://gateway.example.com/v1/tasks/${TASK_ID}/outputs/0?${SIGNED}`,
      url_expires_at: TOMORROW,
      content_type: 'image/png',
      bytes: 11_791,
      width: 1024,
      height: 768,
      sha256: SHA256,
    },
  ],
  cost: { credits: 4.7, usd: 0.0235, charged: 'yes' },
  attempts: [
    {
      provider: 'aivideoapi.ai',
      model: 'gpt-image-2',
      provider_task_id: PROVIDER_TASK_ID,
      status: 'succeeded',
      credits: 4.7,
      usd: 0.0235,
      charged: 'yes',
      error: null,
      started_at: CREATED_AT,
      ended_at: ENDED_AT,
    },
  ],
}

export const canceledTask: TaskJson = { ...queuedTask, status: 'canceled', completed_at: ENDED_AT }

export const upload: UploadJson = {
  id: UPLOAD_ID,
  object: 'upload',
  url: `https://gateway.example.com/v1/uploads/${UPLOAD_ID}?${SIGNED}`,
  expires_at: TOMORROW,
  content_type: 'image/png',
  bytes: 11_791,
  width: 1024,
  height: 768,
  sha256: SHA256,
}

export const quotes: QuoteListJson = {
  providers: [
    {
      provider: 'aivideoapi.ai',
      model: 'gpt-image-2',
      eligible: true,
      reason: null,
      credits: 4.7,
      usd: 0.0235,
    },
    {
      provider: 'gptimage2.ai',
      model: 'gpt-image-2',
      eligible: false,
      reason: 'has no resolution setting for gpt-image-2',
      credits: null,
      usd: null,
    },
  ],
}

export const usage: UsageListJson = {
  data: [
    {
      provider: 'aivideoapi.ai',
      day: '2026-11-21',
      images: 12,
      credits: 56.4,
      usd: 0.282,
      unknown: 0,
    },
  ],
}

export const providers: ProviderListJson = {
  data: [
    {
      id: 'aivideoapi.ai',
      enabled: true,
      finishes_by: 'callback',
      images_per_call: 1,
      credit_usd: 0.005,
      models: [
        {
          id: 'gpt-image-2',
          fields: ['aspect_ratio', 'resolution', 'size'],
          prompt_length_max: 20_000,
          image_urls_max: 16,
          aspect_ratios: ['1:1', '4:3', '16:9'],
          priced_per: 'image',
          prices: [{ resolution: '1k', quality: null, credits: 4.7 }],
        },
      ],
      success_rate: 0.98,
      median_seconds: 24.5,
      breaker: { state: 'closed', open_until: null },
    },
  ],
}

export const models: ModelListJson = {
  data: [{ id: 'gpt-image-2', object: 'model', providers: ['aivideoapi.ai', 'gptimage2.ai'] }],
}

export const key: KeyJson = {
  id: KEY_ID,
  name: 'shop',
  created_at: CREATED_AT,
  last_used_at: null,
  rate_limit_per_minute: 60,
  daily_usd_limit: 20,
  total_usd_limit: null,
  daily_usd: 0,
  total_usd: 0,
}

export const shownOnce = { key: CLIENT_KEY, webhook_secret: WEBHOOK_SECRET }
export const previousUntil = { previous_until: TOMORROW }

export const delivery: DeliveryJson = {
  id: DELIVERY_ID,
  event: 'task.succeeded',
  status: 'delivered',
  tries: 1,
  response_status: 200,
  error: null,
  created_at: ENDED_AT,
  tried_at: ENDED_AT,
  next_try_at: null,
  delivered_at: ENDED_AT,
}

export const error: ErrorJson = {
  error: {
    code: 'invalid_request',
    message: 'size: must look like "1536x1024" or be "auto"',
    type: 'invalid_request_error',
    param: 'size',
  },
}
