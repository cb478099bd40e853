/** Written by `npm run client:generate` from the OpenAPI document; not by hand. */

/** What a picture should be, and who may make it. */
export type TaskRequest = {
  /** The model that makes the picture. */
  model?: ModelId
  /** What to paint. Required, unless `image_urls` is given and the provider allows that. */
  prompt?: string
  /** Public https addresses of reference pictures, which makes it image-to-image. */
  image_urls?: Array<string>
  /** Pictures wanted; several paid calls where a provider makes fewer at once. */
  n?: number
  /** Width to height, or `auto`. Not beside `size`. */
  aspect_ratio?: string
  /** The long edge, roughly. Not beside `size`. */
  resolution?: '1k' | '2k' | '4k'
  /** Pixels, met exactly or not at all, or `auto`. Not beside `aspect_ratio` or `resolution`. */
  size?: string
  /** How much work the model puts in. */
  quality?: 'low' | 'medium' | 'high' | 'auto'
  /** What the picture should not show. */
  negative_prompt?: string
  /** The same seed and prompt give a similar picture. */
  seed?: string
  /** Who makes it. Without it, or with `auto`: the operator's order. */
  provider?: 'aivideoapi.ai' | 'gptimage2api.org' | 'gptimage2.ai' | 'nanobananaapi.dev' | 'auto'
  /** Instead of `provider`: these, in this order, each at most once. */
  providers?: Array<ProviderId>
  /** Models tried, in order, when no eligible provider of `model` is left. */
  fallback_models?: Array<ModelId>
  /** Providers that are dearer, or of unknown price, are not used. */
  max_usd?: number
  /** How `auto` and `providers` are ordered, without it `order`; what is not known comes last. */
  route?: 'order' | 'cheapest' | 'fastest'
  /** Ask the next provider even when the content itself was refused. */
  failover_on_refusal?: boolean
  /** Submit again when the outcome is unknown, at the risk of paying twice. */
  resubmit_on_unknown?: boolean
  /** From acceptance to the end of the task; without it the operator's setting. */
  deadline_seconds?: number
  /** A provider's own fields by its id, sent on as they are. Fields that the gateway fills itself are refused. */
  provider_options?: Partial<Record<ProviderId, { [name: string]: JsonValue }>>
  /** A public https address that gets the signed webhook. */
  callback_url?: string
  /** Your own names and values; they come back as given. */
  metadata?: { [name: string]: string }
}

/** An image model. */
export type ModelId = 'gpt-image-2' | 'nano-banana-2' | 'nano-banana-pro' | 'google/nano-banana' | 'gemini-3-pro-image-preview' | 'gemini-3.1-flash-image-preview'

/** A provider, by its domain. */
export type ProviderId = 'aivideoapi.ai' | 'gptimage2api.org' | 'gptimage2.ai' | 'nanobananaapi.dev'

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | Array<JsonValue> | { [name: string]: JsonValue }

/** `succeeded` only when every picture is stored; the last three are final. */
export type TaskStatus = 'queued' | 'processing' | 'succeeded' | 'failed' | 'canceled'

/** Why a task failed. */
export type TaskFailureCode = 'provider_rejected' | 'provider_failed' | 'content_refused' | 'submit_outcome_unknown' | 'timed_out' | 'output_unavailable' | 'partial_outputs' | 'all_providers_failed'

/** Where to send a test webhook. */
export type WebhookTest = {
  /** A public https URL that gets a signed test event. */
  callback_url: string
}

/** A key to make, and what it may spend. */
export type KeyRequest = {
  /** For your own eyes. */
  name: string
  /** How many tasks it may make in a minute. Without it, there is no limit. */
  rate_limit_per_minute?: number
  /** How many dollars it may spend on a day in UTC. Without it, there is no limit. */
  daily_usd_limit?: number
  /** How many dollars it may spend altogether. Without it, there is no limit. */
  total_usd_limit?: number
}

/** How a key or a webhook secret is rotated. */
export type Rotation = {
  /** How long the old one still works; 0 ends it at once. */
  grace_seconds?: number
}

/** The provider's message. Only the id of its job is read. */
export type ProviderCallback = {
  /** The provider's id of the job. */
  id?: string
}

/** The body of a webhook. */
export type Webhook = {
  type: AnnouncementType
  /** When the event became true. */
  timestamp: string
  data: Task
}

/** `task.recovered`: a picture came after the task had failed. */
export type AnnouncementType = 'task.succeeded' | 'task.failed' | 'task.canceled' | 'task.recovered'

/** One request for `n` pictures and what became of it. */
export type Task = {
  /** `task_` and 32 hexadecimal digits; ids sort by time. */
  id: string
  object: 'task'
  status: TaskStatus
  /** The model that made the pictures, or is asked for. */
  model: ModelId
  /** Who made the pictures, else who was asked last, else who will be asked first. */
  provider: ProviderId | null
  created_at: string
  /** Null until the task is over. */
  completed_at: string | null
  /** The pictures that are stored so far. */
  outputs: Array<Output>
  /** The sum over the attempts that were charged. */
  cost: {
    /** Credits as the provider counts them; null where no price is known. */
    credits: number | null
    /** US dollars; null where a credit has no known price. */
    usd: number | null
    /** Whether money was taken; `unknown` is never hidden behind a friendlier word. */
    charged: 'yes' | 'no' | 'unknown'
  }
  /** Every submission, in order. */
  attempts: Array<Attempt>
  /** Set when the task failed. */
  error: {
    code: TaskFailureCode
    message: string
    type: 'invalid_request_error' | 'upstream_error'
  } | null
  /** As given with the request. */
  metadata: { [name: string]: string }
  request: AcceptedRequest
}

/** A picture that is stored. */
export type Output = {
  /** Which of the `n` pictures it is, from 0. */
  index: number
  /** Signed: whoever has it may fetch the picture until it expires. */
  url: string
  /** Read the task again for a fresh address. */
  url_expires_at: string
  /** Such as `image/png`. */
  content_type: string
  bytes: number
  /** Pixels; null where the format does not tell. */
  width: number | null
  height: number | null
  /** Of the bytes, in hexadecimal; also the `ETag`. */
  sha256: string
}

/** One submission to one provider. */
export type Attempt = {
  provider: ProviderId
  model: ModelId
  /** The provider's own id of the job. */
  provider_task_id: string | null
  /** `rejected`: definitely not taken and not charged. */
  status: 'submitting' | 'running' | 'succeeded' | 'failed' | 'rejected' | 'unknown'
  /** Credits as the provider counts them; null where no price is known. */
  credits: number | null
  /** US dollars; null where a credit has no known price. */
  usd: number | null
  /** Whether money was taken; `unknown` is never hidden behind a friendlier word. */
  charged: 'yes' | 'no' | 'unknown'
  /** What the provider or the network said went wrong. */
  error: {
    code: string
    message: string
  } | null
  started_at: string
  ended_at: string | null
}

/** The request as it was accepted. */
export type AcceptedRequest = {
  model: ModelId
  /** What to paint. Required, unless `image_urls` is given and the provider allows that. */
  prompt?: string
  /** Public https addresses of reference pictures, which makes it image-to-image. */
  image_urls?: Array<string>
  n: number
  /** Width to height, or `auto`. Not beside `size`. */
  aspect_ratio?: string
  /** The long edge, roughly. Not beside `size`. */
  resolution?: '1k' | '2k' | '4k'
  /** Pixels, met exactly or not at all, or `auto`. Not beside `aspect_ratio` or `resolution`. */
  size?: string
  /** How much work the model puts in. */
  quality?: 'low' | 'medium' | 'high' | 'auto'
  /** What the picture should not show. */
  negative_prompt?: string
  /** The same seed and prompt give a similar picture. */
  seed?: string
  /** Who makes it. Without it, or with `auto`: the operator's order. */
  provider?: 'aivideoapi.ai' | 'gptimage2api.org' | 'gptimage2.ai' | 'nanobananaapi.dev' | 'auto'
  /** Instead of `provider`: these, in this order, each at most once. */
  providers?: Array<ProviderId>
  /** Models tried, in order, when no eligible provider of `model` is left. */
  fallback_models?: Array<ModelId>
  /** Providers that are dearer, or of unknown price, are not used. */
  max_usd?: number
  /** How `auto` and `providers` are ordered, without it `order`; what is not known comes last. */
  route?: 'order' | 'cheapest' | 'fastest'
  /** Ask the next provider even when the content itself was refused. */
  failover_on_refusal?: boolean
  /** Submit again when the outcome is unknown, at the risk of paying twice. */
  resubmit_on_unknown?: boolean
  /** From acceptance to the end of the task; without it the operator's setting. */
  deadline_seconds?: number
  /** A provider's own fields by its id, sent on as they are. Fields that the gateway fills itself are refused. */
  provider_options?: Partial<Record<ProviderId, { [name: string]: JsonValue }>>
  /** A public https address that gets the signed webhook. */
  callback_url?: string
}

/** The body of a test webhook. */
export type TestWebhook = {
  type: 'webhook.test'
  timestamp: string
  data: {
    object: 'test'
    message: string
  }
}

/** Every answer of `/v1` that is not 2xx. */
export type Error = {
  error: {
    code: ErrorCode
    /** For people. It may change; decide by `code`. */
    message: string
    /** The kind of error. */
    type: 'invalid_request_error' | 'authentication_error' | 'permission_error' | 'billing_error' | 'rate_limit_error' | 'api_error' | 'upstream_error'
    /** The field, header or query value that is wrong. */
    param?: string
    /** With `no_eligible_provider`: why each can not make the picture. */
    providers?: Array<{
      provider: ProviderId
      model: ModelId
      reason: string | null
    }>
  }
}

/** What went wrong. */
export type ErrorCode = 'invalid_request' | 'invalid_api_key' | 'not_allowed' | 'not_found' | 'task_not_found' | 'method_not_allowed' | 'task_not_cancelable' | 'task_not_terminal' | 'body_too_large' | 'unsupported_media_type' | 'range_not_satisfiable' | 'idempotency_key_reused' | 'no_eligible_provider' | 'rate_limit_exceeded' | 'spend_limit_exceeded' | 'internal_error' | 'no_provider_configured' | 'misconfigured'

/** One page of tasks, newest first. */
export type TaskList = {
  data: Array<Task>
  /** The `cursor` of the next page; null on the last one. */
  next_cursor: string | null
}

/** A reference picture of yours. */
export type Upload = {
  id: string
  object: 'upload'
  /** Put it into `image_urls`. Signed: a provider needs no key to fetch it. */
  url: string
  /** When the address stops working. */
  expires_at: string
  /** By the bytes, whatever the sender called it. */
  content_type: string
  bytes: number
  width: number | null
  height: number | null
  sha256: string
}

export type ModelList = {
  data: Array<Model>
}

/** A model that this gateway can make. */
export type Model = {
  id: ModelId
  object: 'model'
  /** Enabled providers that make it. */
  providers: Array<ProviderId>
}

export type ProviderList = {
  data: Array<Provider>
}

/** A provider: abilities, prices, how it has been doing. */
export type Provider = {
  id: ProviderId
  /** Whether its key is set on this gateway. */
  enabled: boolean
  /** How the gateway learns that a picture is done. */
  finishes_by: 'callback' | 'polling' | 'response'
  images_per_call: number
  /** Dollars per credit. */
  credit_usd: number | null
  models: Array<ModelOffer>
  /** Of the last day, 0 to 1; null without attempts. */
  success_rate: number | null
  /** Of the last day. */
  median_seconds: number | null
  /** While it is `open`, `auto` asks this provider last. */
  breaker: {
    state: 'closed' | 'open'
    open_until: string | null
  }
  /** Credits left, for the admin token only; null where a provider does not tell. */
  balance?: number | null
}

/** What a provider documents of one model. */
export type ModelOffer = {
  id: ModelId
  /** The optional fields it can honour. */
  fields: Array<'aspect_ratio' | 'resolution' | 'size' | 'quality' | 'negative_prompt' | 'seed'>
  /** Characters; null where none is documented. */
  prompt_length_max: number | null
  /** Reference pictures. */
  image_urls_max: number | null
  /** Null: every one that a legal size meets. */
  aspect_ratios: Array<string> | null
  priced_per: 'image' | 'call'
  prices: Array<{
    /** Null: whatever it is. */
    resolution: '1k' | '2k' | '4k' | null
    /** Null: whatever it is. */
    quality: 'low' | 'medium' | 'high' | 'auto' | null
    credits: number
  }>
}

/** Who would make a task, and for how much. */
export type QuoteList = {
  /** In the order in which they would be tried. */
  providers: Array<Quote>
}

/** One provider, and its price for all `n` pictures. */
export type Quote = {
  provider: ProviderId
  model: ModelId
  eligible: boolean
  /** Why it is not eligible. */
  reason: string | null
  /** Credits as the provider counts them; null where no price is known. */
  credits: number | null
  /** US dollars; null where a credit has no known price. */
  usd: number | null
}

export type UsageList = {
  data: Array<UsageRow>
}

/** What one provider was paid on one day. */
export type UsageRow = {
  provider: ProviderId
  /** In UTC. */
  day: string
  /** Pictures that were charged. */
  images: number
  /** Null where no number is known. */
  credits: number | null
  usd: number | null
  /** Submissions of which nobody knows whether they were charged. */
  unknown: number
  /** Whose it was, for the admin token only. */
  key_id?: string
}

/** What your endpoint did. */
export type WebhookTestResult = {
  /** Whether your endpoint answered with a 2xx. */
  delivered: boolean
  response_status: number | null
  /** How long it took. */
  milliseconds: number
  error: string | null
}

export type DeliveryList = {
  data: Array<Delivery>
}

/** A webhook that a task owes, and how its tries went. */
export type Delivery = {
  /** The `webhook-id`, the same over all tries. */
  id: string
  event: AnnouncementType
  /** `exhausted`: it is not tried any more. */
  status: 'delivered' | 'pending' | 'exhausted'
  tries: number
  /** What your endpoint answered last. */
  response_status: number | null
  /** Why the last try failed. */
  error: string | null
  created_at: string
  tried_at: string | null
  next_try_at: string | null
  delivered_at: string | null
}

/** A key just made, with its secrets. */
export type NewKey = {
  id: string
  name: string
  created_at: string
  /** To within a few minutes. */
  last_used_at: string | null
  /** Tasks a minute; null: no limit. */
  rate_limit_per_minute: number | null
  /** A day in UTC; null: no limit. */
  daily_usd_limit: number | null
  /** Altogether; null: no limit. */
  total_usd_limit: number | null
  /** Reserved or charged today; counted only under a spend limit. */
  daily_usd: number
  /** The same, altogether. */
  total_usd: number
  /** The key itself, `ig_…`. Shown this once. */
  key: string
  /** Verifies the webhooks of its tasks, `whsec_…`. Shown this once. */
  webhook_secret: string
}

export type KeyList = {
  data: Array<Key>
}

/** A client key, without the key itself. */
export type Key = {
  id: string
  name: string
  created_at: string
  /** To within a few minutes. */
  last_used_at: string | null
  /** Tasks a minute; null: no limit. */
  rate_limit_per_minute: number | null
  /** A day in UTC; null: no limit. */
  daily_usd_limit: number | null
  /** Altogether; null: no limit. */
  total_usd_limit: number | null
  /** Reserved or charged today; counted only under a spend limit. */
  daily_usd: number
  /** The same, altogether. */
  total_usd: number
}

/** A key with its new secret. */
export type RotatedKey = {
  id: string
  name: string
  created_at: string
  /** To within a few minutes. */
  last_used_at: string | null
  /** Tasks a minute; null: no limit. */
  rate_limit_per_minute: number | null
  /** A day in UTC; null: no limit. */
  daily_usd_limit: number | null
  /** Altogether; null: no limit. */
  total_usd_limit: number | null
  /** Reserved or charged today; counted only under a spend limit. */
  daily_usd: number
  /** The same, altogether. */
  total_usd: number
  /** The key itself, `ig_…`. Shown this once. */
  key: string
  /** Until then the replaced one works as well. */
  previous_until: string
}

/** A key with its new webhook secret. */
export type RotatedWebhookSecret = {
  id: string
  name: string
  created_at: string
  /** To within a few minutes. */
  last_used_at: string | null
  /** Tasks a minute; null: no limit. */
  rate_limit_per_minute: number | null
  /** A day in UTC; null: no limit. */
  daily_usd_limit: number | null
  /** Altogether; null: no limit. */
  total_usd_limit: number | null
  /** Reserved or charged today; counted only under a spend limit. */
  daily_usd: number
  /** The same, altogether. */
  total_usd: number
  /** Verifies the webhooks of its tasks, `whsec_…`. Shown this once. */
  webhook_secret: string
  /** Until then the replaced one works as well. */
  previous_until: string
}

export type Health = {
  status: 'ok'
}

/** An OpenAPI document. */
export type OpenApi = {
  openapi: string
}

export type CallbackReceipt = {
  received: true
}

/** What each operation takes and answers. */
export interface Operations {
  /** Make a picture. */
  'POST /v1/tasks': {
    path: Record<never, never>
    query: Record<never, never>
    header: {
      /** Your own name for this request. A retry with the same key and an equal body gives the same task, and nothing is paid twice. */
      'Idempotency-Key'?: string
      /** `wait=N` holds the answer until the task is over, for N seconds at most (up to 60). */
      Prefer?: string
    }
    body: TaskRequest
    answer: Task
  }
  /** List tasks. */
  'GET /v1/tasks': {
    path: Record<never, never>
    query: {
      /** Only tasks whose status is this now. */
      status?: TaskStatus
      /** Only tasks that failed with this code. */
      error?: TaskFailureCode
      /** Only tasks that were sent to this provider. */
      provider?: ProviderId
      /** Only tasks with an attempt that was charged (`yes`), was not (`no`), or may have been (`unknown`). */
      charged?: 'yes' | 'no' | 'unknown'
      /** Only tasks made at or after this time. A date alone is its first moment in UTC. */
      created_after?: string
      /** Only tasks made before this time. */
      created_before?: string
      /** `metadata[order]=1042`: only tasks with this value. Several may be given. */
      metadata?: { [name: string]: string }
      /** The `next_cursor` of the page before. */
      cursor?: string
      /** How many tasks a page has at most. */
      limit?: number
    }
    header: Record<never, never>
    body: undefined
    answer: TaskList
  }
  /** Read a task. */
  'GET /v1/tasks/{id}': {
    path: {
      /** The id of the task. */
      id: string
    }
    query: {
      /** Seconds to hold the answer, at most until the task is over. */
      wait?: number
    }
    header: {
      /** `wait=N` holds the answer until the task is over, for N seconds at most (up to 60). */
      Prefer?: string
    }
    body: undefined
    answer: Task
  }
  /** Delete a task. */
  'DELETE /v1/tasks/{id}': {
    path: {
      /** The id of the task. */
      id: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: undefined
  }
  /** Cancel a task. */
  'POST /v1/tasks/{id}/cancel': {
    path: {
      /** The id of the task. */
      id: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: Task
  }
  /** Follow a task. */
  'GET /v1/tasks/{id}/events': {
    path: {
      /** The id of the task. */
      id: string
    }
    query: Record<never, never>
    header: {
      /** The `id` of the last event you saw; only later ones are sent. */
      'Last-Event-ID'?: string
    }
    body: undefined
    answer: Response
  }
  /** Upload a reference picture. */
  'POST /v1/uploads': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: Blob | ArrayBuffer | Uint8Array<ArrayBuffer>
    answer: Upload
  }
  /** Fetch a reference picture. */
  'GET /v1/uploads/{id}': {
    path: {
      /** The id of the upload. */
      id: string
    }
    query: {
      /** Of the signed address, beside `signature`. */
      expires?: string
      /** Of the signed address. With it, no key is needed. */
      signature?: string
    }
    header: {
      /** One range of bytes. */
      Range?: string
      /** An `ETag` that you have already. */
      'If-None-Match'?: string
      /** The `ETag` that `Range` continues. */
      'If-Range'?: string
    }
    body: undefined
    answer: Response
  }
  /** Fetch a picture. */
  'GET /v1/tasks/{id}/outputs/{index}': {
    path: {
      /** The id of the task. */
      id: string
      /** Which of the pictures, from 0. */
      index: string
    }
    query: {
      /** Of the signed address, beside `signature`. */
      expires?: string
      /** Of the signed address. With it, no key is needed. */
      signature?: string
    }
    header: {
      /** One range of bytes. */
      Range?: string
      /** An `ETag` that you have already. */
      'If-None-Match'?: string
      /** The `ETag` that `Range` continues. */
      'If-Range'?: string
    }
    body: undefined
    answer: Response
  }
  /** List models. */
  'GET /v1/models': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: ModelList
  }
  /** List providers. */
  'GET /v1/providers': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: ProviderList
  }
  /** Get a quote. */
  'POST /v1/quotes': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: TaskRequest
    answer: QuoteList
  }
  /** Read the usage. */
  'GET /v1/usage': {
    path: Record<never, never>
    query: {
      /** The first day, in UTC. Without it, 30 days up to `to`. */
      from?: string
      /** The last day, included. Without it, today. 366 days at most. */
      to?: string
    }
    header: Record<never, never>
    body: undefined
    answer: UsageList
  }
  /** Test a webhook. */
  'POST /v1/webhooks/test': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: WebhookTest
    answer: WebhookTestResult
  }
  /** List webhook deliveries. */
  'GET /v1/tasks/{id}/deliveries': {
    path: {
      /** The id of the task. */
      id: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: DeliveryList
  }
  /** Redeliver a webhook. */
  'POST /v1/tasks/{id}/deliveries/{delivery}/redeliver': {
    path: {
      /** The id of the task. */
      id: string
      /** The id of the delivery. */
      delivery: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: Delivery
  }
  /** Make a key. */
  'POST /v1/keys': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: KeyRequest
    answer: NewKey
  }
  /** List keys. */
  'GET /v1/keys': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: KeyList
  }
  /** Revoke a key. */
  'DELETE /v1/keys/{id}': {
    path: {
      /** The id of the key. */
      id: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: undefined
  }
  /** Rotate a key. */
  'POST /v1/keys/{id}/rotate': {
    path: {
      /** The id of the key. */
      id: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: Rotation | undefined
    answer: RotatedKey
  }
  /** Rotate a webhook secret. */
  'POST /v1/keys/{id}/rotate_webhook_secret': {
    path: {
      /** The id of the key. */
      id: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: Rotation | undefined
    answer: RotatedWebhookSecret
  }
  /** Health check. */
  'GET /healthz': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: Health
  }
  /** OpenAPI document. */
  'GET /openapi.json': {
    path: Record<never, never>
    query: Record<never, never>
    header: Record<never, never>
    body: undefined
    answer: OpenApi
  }
  /** Provider callback. */
  'POST /callbacks/{provider}/{attempt}/{token}': {
    path: {
      /** A provider that calls back. */
      provider: string
      /** The attempt that there is news of. */
      attempt: string
      /** Proof that the provider was told this address. */
      token: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: ProviderCallback
    answer: CallbackReceipt
  }
}
