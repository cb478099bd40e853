/** Written by `npm run client:generate` from the OpenAPI document; not by hand. */

/** What a picture should be, and who may make it. */
export type TaskRequest = {
  /** The model that makes the picture. */
  model?: ModelId | string
  /** What the picture should show. Required, unless there are `image_urls` and the provider needs no prompt. */
  prompt?: string
  /** 1 to 16 https URLs of reference pictures, public ones or from `POST /v1/uploads`. They make it image-to-image. */
  image_urls?: Array<string>
  /** How many pictures. Where a provider makes fewer at once, there are several paid calls. */
  n?: number
  /** Width to height, such as `4:3`, or `auto`. Can't be combined with `size`. */
  aspect_ratio?: string
  /** How large: `1k` is about 1,024 pixels at the long edge. Can't be combined with `size`. */
  resolution?: '1k' | '2k' | '4k'
  /** Width and height in pixels, such as `1536x1024`, or `auto`. A provider that can't make exactly this size is not used. Can't be combined with `aspect_ratio` or `resolution`. */
  size?: string
  /** How much work the model puts in. More of it costs more at some providers. */
  quality?: 'low' | 'medium' | 'high' | 'auto'
  /** What the picture should not show. */
  negative_prompt?: string
  /** The same seed and prompt give a similar picture. */
  seed?: string
  /** The provider that makes it. With `auto`, which is the default, the gateway chooses in the operator's order. */
  provider?: 'aivideoapi.ai' | 'gptimage2api.org' | 'gptimage2.ai' | 'nanobananaapi.dev' | 'auto'
  /** Instead of `provider`: the providers to try, in this order. */
  providers?: Array<ProviderId>
  /** Models to try, in this order, when no eligible provider of `model` is left; at most 20. */
  fallback_models?: Array<ModelId | string>
  /** The most that the task may cost, in US dollars. A dearer provider, or one of unknown price, is not used. */
  max_usd?: number
  /** The order in which `auto` and `providers` are tried: as they stand (`order`, the default), by price or by speed. Where that is not known, the provider comes last. */
  route?: 'order' | 'cheapest' | 'fastest'
  /** Try the next provider even when one refused the content itself. Default: no. */
  failover_on_refusal?: boolean
  /** Submit again when nobody knows whether a provider took the job, at the risk of paying twice. Default: no. */
  resubmit_on_unknown?: boolean
  /** Seconds until a task that is not done fails. Default: the operator's setting. */
  deadline_seconds?: number
  /** A provider's own fields, by provider id, sent on as they are; at most 64 KiB as JSON. A field that the gateway sends itself (prompt, pictures, size, count, callback) is refused. */
  provider_options?: Partial<Record<ProviderId, { [name: string]: JsonValue }>>
  /** A public https URL that gets a signed webhook when the task is over. */
  callback_url?: string
  /** Your own names and values. They come back as given, and tasks can be listed by them. At most 50 names of up to 64 characters, with values of up to 512. */
  metadata?: { [name: string]: string }
}

/** The name of an image model. */
export type ModelId = 'gpt-image-2' | 'nano-banana-2' | 'nano-banana-pro' | 'google/nano-banana' | 'gemini-3-pro-image-preview' | 'gemini-3.1-flash-image-preview'

/** The id of a provider, which is its domain. */
export type ProviderId = 'aivideoapi.ai' | 'gptimage2api.org' | 'gptimage2.ai' | 'nanobananaapi.dev'

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | Array<JsonValue> | { [name: string]: JsonValue }

/** From `queued` to `processing` to `succeeded`, `failed` or `canceled`, which are final. `succeeded` only when every picture is stored. */
export type TaskStatus = 'queued' | 'processing' | 'succeeded' | 'failed' | 'canceled'

/** Why a task failed. */
export type TaskFailureCode = 'provider_rejected' | 'provider_failed' | 'content_refused' | 'submit_outcome_unknown' | 'timed_out' | 'output_unavailable' | 'partial_outputs' | 'all_providers_failed'

/** What became of a charge that was unknown. */
export type Charge = {
  /** Whether the provider took money, as the provider's own dashboard says. */
  charged: 'yes' | 'no'
  /** What it took, with `charged: "yes"`. Without it, the price that was expected. */
  credits?: number
}

/** Where to send a test webhook. */
export type WebhookTest = {
  /** A public https URL that gets a signed test event. */
  callback_url: string
}

/** A key to make, and what it may spend; a limit that is left out does not exist. */
export type KeyRequest = {
  /** For your own eyes. */
  name: string
  /** How many tasks it may make in a minute. */
  rate_limit_per_minute?: number
  /** How many dollars it may spend on a day in UTC. */
  daily_usd_limit?: number
  /** How many dollars it may spend altogether. */
  total_usd_limit?: number
  /** The most that a task made through MCP may cost in dollars, as if each call had this `max_usd`; a call may set a lower one. Tasks of `/v1` and of the other APIs are not held to it. */
  mcp_max_usd?: number
}

/** What of a key changes: what is left out stays, and null lifts a limit. */
export type KeyChanges = {
  /** For your own eyes. */
  name?: string
  /** How many tasks it may make in a minute. Null: no limit. */
  rate_limit_per_minute?: number | null
  /** How many dollars it may spend on a day in UTC. Null: no limit. */
  daily_usd_limit?: number | null
  /** How many dollars it may spend altogether. Null: no limit. */
  total_usd_limit?: number | null
  /** The most that a task made through MCP may cost in dollars, as if each call had this `max_usd`; a call may set a lower one. Tasks of `/v1` and of the other APIs are not held to it. Null: no limit. */
  mcp_max_usd?: number | null
}

/** How a key or a webhook secret is rotated. */
export type Rotation = {
  /** How long the old one still works; 0 ends it, and all older ones, at once. */
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
  /** When it happened. */
  timestamp: string
  data: Task
}

/** What happened. `task.recovered`: a picture came after the task had failed. */
export type AnnouncementType = 'task.succeeded' | 'task.failed' | 'task.canceled' | 'task.recovered'

/** A request for pictures, and what became of it. */
export type Task = {
  /** `task_` and 32 hexadecimal digits; ids sort by time. */
  id: string
  object: 'task'
  status: TaskStatus
  /** The model that made the pictures. Until then, the one that was asked last or will be asked first. `request.model` is the name that you asked for. */
  model: ModelId
  /** The provider that made the pictures. Until then, the one that was asked last or will be asked first. */
  provider: ProviderId | null
  created_at: string
  /** Null until the task is over. */
  completed_at: string | null
  /** The pictures that are stored so far. */
  outputs: Array<Output>
  /** What the attempts cost that were charged. `charged` is `unknown` while that of any attempt is. */
  cost: {
    /** Credits of the provider; null where the price is not known. */
    credits: number | null
    /** US dollars; null where the price of a credit is not known. */
    usd: number | null
    /** Whether the provider took money: `yes`, `no`, or `unknown` where nobody can tell. */
    charged: 'yes' | 'no' | 'unknown'
  }
  /** Every submission to a provider, the first one first. */
  attempts: Array<Attempt>
  /** Why the task failed, else null. */
  error: {
    code: TaskFailureCode
    message: string
    type: 'invalid_request_error' | 'upstream_error'
  } | null
  /** As given with the request. */
  metadata: { [name: string]: string }
  request: AcceptedRequest
  /** The key that made it. For the admin token only. */
  key_id?: string
}

/** A picture that is stored. */
export type Output = {
  /** Which of the `n` pictures it is, from 0. */
  index: number
  /** Signed: whoever has it may fetch the picture until it expires. */
  url: string
  /** When `url` stops working. Read the task again for a fresh one. */
  url_expires_at: string
  /** Such as `image/png`. */
  content_type: string
  /** How large the file is. */
  bytes: number
  /** In pixels; null where the picture does not tell. */
  width: number | null
  /** In pixels; null where the picture does not tell. */
  height: number | null
  /** SHA-256 of the file, in hexadecimal; also its `ETag`. */
  sha256: string
  /** Whether the picture carries content credentials (C2PA). Its bytes are stored exactly as they came. */
  content_credentials: boolean
  /** Whether its pixels, or its ratio by more than 1 %, are not what was asked for. */
  size_mismatch: boolean
}

/** One submission to one provider. */
export type Attempt = {
  /** `att_`, the digits of its task's id, `_` and 15 digits more. */
  id: string
  provider: ProviderId
  model: ModelId
  /** The provider's own id of the job. */
  provider_task_id: string | null
  /** `rejected`: the provider did not take the job and charged nothing. `unknown`: nobody knows whether it did. */
  status: 'submitting' | 'running' | 'succeeded' | 'failed' | 'rejected' | 'unknown'
  /** Credits of the provider; null where the price is not known. */
  credits: number | null
  /** US dollars; null where the price of a credit is not known. */
  usd: number | null
  /** Whether the provider took money: `yes`, `no`, or `unknown` where nobody can tell. */
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
  model: ModelId | string
  /** What the picture should show. Required, unless there are `image_urls` and the provider needs no prompt. */
  prompt?: string
  /** 1 to 16 https URLs of reference pictures, public ones or from `POST /v1/uploads`. They make it image-to-image. */
  image_urls?: Array<string>
  n: number
  /** Width to height, such as `4:3`, or `auto`. Can't be combined with `size`. */
  aspect_ratio?: string
  /** How large: `1k` is about 1,024 pixels at the long edge. Can't be combined with `size`. */
  resolution?: '1k' | '2k' | '4k'
  /** Width and height in pixels, such as `1536x1024`, or `auto`. A provider that can't make exactly this size is not used. Can't be combined with `aspect_ratio` or `resolution`. */
  size?: string
  /** How much work the model puts in. More of it costs more at some providers. */
  quality?: 'low' | 'medium' | 'high' | 'auto'
  /** What the picture should not show. */
  negative_prompt?: string
  /** The same seed and prompt give a similar picture. */
  seed?: string
  /** The provider that makes it. With `auto`, which is the default, the gateway chooses in the operator's order. */
  provider?: 'aivideoapi.ai' | 'gptimage2api.org' | 'gptimage2.ai' | 'nanobananaapi.dev' | 'auto'
  /** Instead of `provider`: the providers to try, in this order. */
  providers?: Array<ProviderId>
  /** Models to try, in this order, when no eligible provider of `model` is left; at most 20. */
  fallback_models?: Array<ModelId | string>
  /** The most that the task may cost, in US dollars. A dearer provider, or one of unknown price, is not used. */
  max_usd?: number
  /** The order in which `auto` and `providers` are tried: as they stand (`order`, the default), by price or by speed. Where that is not known, the provider comes last. */
  route?: 'order' | 'cheapest' | 'fastest'
  /** Try the next provider even when one refused the content itself. Default: no. */
  failover_on_refusal?: boolean
  /** Submit again when nobody knows whether a provider took the job, at the risk of paying twice. Default: no. */
  resubmit_on_unknown?: boolean
  /** Seconds until a task that is not done fails. Default: the operator's setting. */
  deadline_seconds?: number
  /** A provider's own fields, by provider id, sent on as they are; at most 64 KiB as JSON. A field that the gateway sends itself (prompt, pictures, size, count, callback) is refused. */
  provider_options?: Partial<Record<ProviderId, { [name: string]: JsonValue }>>
  /** A public https URL that gets a signed webhook when the task is over. */
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
    /** For people to read. It may change, so decide by `code`. */
    message: string
    /** The kind of error. */
    type: 'invalid_request_error' | 'authentication_error' | 'permission_error' | 'billing_error' | 'rate_limit_error' | 'api_error' | 'upstream_error'
    /** The field, header or query value that is wrong. */
    param?: string
    /** With `no_eligible_provider`: for each provider, why it can't make the picture. */
    providers?: Array<{
      provider: ProviderId
      model: ModelId
      reason: string | null
    }>
  }
}

/** What went wrong. */
export type ErrorCode = 'invalid_request' | 'invalid_api_key' | 'not_allowed' | 'not_found' | 'task_not_found' | 'method_not_allowed' | 'task_not_cancelable' | 'task_not_terminal' | 'charge_known' | 'body_too_large' | 'unsupported_media_type' | 'range_not_satisfiable' | 'idempotency_key_reused' | 'no_eligible_provider' | 'rate_limit_exceeded' | 'spend_limit_exceeded' | 'internal_error' | 'no_provider_configured' | 'misconfigured'

/** One page of tasks, newest first. */
export type TaskList = {
  data: Array<Task>
  /** The `cursor` of the next page, which may be there although this one is short; null at the end. */
  next_cursor: string | null
}

/** A reference picture of yours. */
export type Upload = {
  id: string
  object: 'upload'
  /** For `image_urls`. It is signed, so a provider needs no key to fetch the picture. */
  url: string
  /** When `url` stops working. */
  expires_at: string
  /** What the file is by its own bytes, such as `image/png`. */
  content_type: string
  /** How large the file is. */
  bytes: number
  /** In pixels. */
  width: number | null
  /** In pixels. */
  height: number | null
  /** SHA-256 of the file, in hexadecimal. */
  sha256: string
}

export type ModelList = {
  data: Array<Model>
}

/** A model that this gateway can make. */
export type Model = {
  id: ModelId
  object: 'model'
  /** Other names for it, which a task may ask for too. */
  aliases: Array<string>
  /** The enabled providers that make it. */
  providers: Array<ProviderId>
}

export type ProviderList = {
  data: Array<Provider>
}

/** What a provider can do, what it costs, and how it has been doing. */
export type Provider = {
  id: ProviderId
  /** Whether this gateway has a key of it. */
  enabled: boolean
  /** How the gateway learns that a picture is done. */
  finishes_by: 'callback' | 'polling' | 'response'
  /** The most pictures that one paid call makes. */
  images_per_call: number
  /** US dollars per credit; null where it is not known. */
  credit_usd: number | null
  models: Array<ModelOffer>
  /** The share of attempts of the last day that succeeded, 0 to 1; null without attempts. */
  success_rate: number | null
  /** How long a picture took in the middle of the last day; null without attempts. */
  median_seconds: number | null
  /** How long all but the slowest twentieth took at most; null without attempts. */
  p95_seconds: number | null
  /** The share of its pictures of the last day with `size_mismatch`, 0 to 1; null without pictures. */
  size_mismatch_rate: number | null
  /** While `state` is `open`, after five failures in a row, `auto` asks this provider last. */
  breaker: {
    state: 'closed' | 'open'
    open_until: string | null
  }
  /** Credits left at the provider, null where it does not tell. For the admin token only. */
  balance?: number | null
}

/** What a provider documents of one model. */
export type ModelOffer = {
  id: ModelId
  /** The optional fields of a task that it supports. */
  fields: Array<'aspect_ratio' | 'resolution' | 'size' | 'quality' | 'negative_prompt' | 'seed'>
  /** The most characters in a prompt; null where no limit is documented. */
  prompt_length_max: number | null
  /** The most reference pictures; null where no limit is documented. */
  image_urls_max: number | null
  /** The aspect ratios it takes; null where it takes every one. */
  aspect_ratios: Array<string> | null
  /** What `credits` are the price of. */
  priced_per: 'image' | 'call'
  prices: Array<{
    /** Null: the same at every resolution. */
    resolution: '1k' | '2k' | '4k' | null
    /** Null: the same at every quality. */
    quality: 'low' | 'medium' | 'high' | 'auto' | null
    credits: number
  }>
}

/** Who would make a task, and for how much. */
export type QuoteList = {
  /** In the order in which they would be tried. */
  providers: Array<Quote>
}

/** What one provider would take for all `n` pictures. */
export type Quote = {
  provider: ProviderId
  model: ModelId
  /** Whether it can make this task. */
  eligible: boolean
  /** Why it is not eligible, else null. */
  reason: string | null
  /** Credits of the provider; null where the price is not known. */
  credits: number | null
  /** US dollars; null where the price of a credit is not known. */
  usd: number | null
}

export type UsageList = {
  data: Array<UsageRow>
  total: UsageTotal
}

/** What was paid for, of one group. */
export type UsageRow = {
  /** The day in UTC. With `group_by=day`. */
  day?: string
  /** With `group_by=provider`. */
  provider?: ProviderId
  /** The key whose tasks they were. With `group_by=key`. */
  key_id?: string
  /** Its name, also after it was revoked. With `group_by=key`. */
  key_name?: string | null
  /** How many pictures were charged. */
  images: number
  /** Credits charged, as far as prices are known; null where none is. */
  credits: number | null
  /** US dollars charged, as far as prices are known; null where none is. */
  usd: number | null
  /** How many attempts are over and may have been charged: nobody knows. */
  unknown: number
  /** Credits that these would have cost, as far as prices are known; null where none is. */
  unknown_credits: number | null
  /** The same in US dollars. */
  unknown_usd: number | null
}

/** The sum of all rows. */
export type UsageTotal = {
  /** How many pictures were charged. */
  images: number
  /** Credits charged, as far as prices are known; null where none is. */
  credits: number | null
  /** US dollars charged, as far as prices are known; null where none is. */
  usd: number | null
  /** How many attempts are over and may have been charged: nobody knows. */
  unknown: number
  /** Credits that these would have cost, as far as prices are known; null where none is. */
  unknown_credits: number | null
  /** The same in US dollars. */
  unknown_usd: number | null
}

/** What your endpoint answered to a test webhook. */
export type WebhookTestResult = {
  /** Whether your endpoint answered with a 2xx. */
  delivered: boolean
  /** The HTTP status of your endpoint's answer; null without one. */
  response_status: number | null
  /** How long your endpoint took to answer. */
  milliseconds: number
  /** Why it failed, else null. */
  error: string | null
}

export type DeliveryList = {
  data: Array<Delivery>
}

/** A webhook of a task, and how its delivery goes. */
export type Delivery = {
  /** The `webhook-id`, the same over all retries. */
  id: string
  event: AnnouncementType
  /** `pending`: it will be tried or retried. `exhausted`: there are no more retries. */
  status: 'delivered' | 'pending' | 'exhausted'
  /** How often it was sent. */
  tries: number
  /** The HTTP status of your endpoint's last answer; null without one. */
  response_status: number | null
  /** Why the last try failed, else null. */
  error: string | null
  created_at: string
  /** When it was sent last. */
  tried_at: string | null
  /** When the next retry is due; null when there is none. */
  next_try_at: string | null
  /** When your endpoint took it; null until then. */
  delivered_at: string | null
}

/** A key just made, with its secrets. */
export type NewKey = {
  /** Names the key without being one: `key_…`. */
  id: string
  /** As the operator named it. */
  name: string
  created_at: string
  /** When it was used last, to within a few minutes. */
  last_used_at: string | null
  /** How many tasks it may make in a minute; null: no limit. */
  rate_limit_per_minute: number | null
  /** How many dollars it may spend on a day in UTC; null: no limit. */
  daily_usd_limit: number | null
  /** How many dollars it may spend altogether; null: no limit. */
  total_usd_limit: number | null
  /** The most that a task made through MCP may cost in dollars; null: no limit. */
  mcp_max_usd: number | null
  /** Dollars reserved or charged today in UTC; null for a key without a spend limit. */
  daily_usd: number | null
  /** Dollars reserved or charged while the key had a spend limit; null for one without. What any key spent is in the usage. */
  total_usd: number | null
  /** The key itself, `ig_…`. Shown only in this answer. */
  key: string
  /** Verifies the webhooks of its tasks, `whsec_…`. Shown only in this answer. */
  webhook_secret: string
}

export type KeyList = {
  data: Array<Key>
}

/** A client key, without the key itself. */
export type Key = {
  /** Names the key without being one: `key_…`. */
  id: string
  /** As the operator named it. */
  name: string
  created_at: string
  /** When it was used last, to within a few minutes. */
  last_used_at: string | null
  /** How many tasks it may make in a minute; null: no limit. */
  rate_limit_per_minute: number | null
  /** How many dollars it may spend on a day in UTC; null: no limit. */
  daily_usd_limit: number | null
  /** How many dollars it may spend altogether; null: no limit. */
  total_usd_limit: number | null
  /** The most that a task made through MCP may cost in dollars; null: no limit. */
  mcp_max_usd: number | null
  /** Dollars reserved or charged today in UTC; null for a key without a spend limit. */
  daily_usd: number | null
  /** Dollars reserved or charged while the key had a spend limit; null for one without. What any key spent is in the usage. */
  total_usd: number | null
}

/** A key with its new secret. */
export type RotatedKey = {
  /** Names the key without being one: `key_…`. */
  id: string
  /** As the operator named it. */
  name: string
  created_at: string
  /** When it was used last, to within a few minutes. */
  last_used_at: string | null
  /** How many tasks it may make in a minute; null: no limit. */
  rate_limit_per_minute: number | null
  /** How many dollars it may spend on a day in UTC; null: no limit. */
  daily_usd_limit: number | null
  /** How many dollars it may spend altogether; null: no limit. */
  total_usd_limit: number | null
  /** The most that a task made through MCP may cost in dollars; null: no limit. */
  mcp_max_usd: number | null
  /** Dollars reserved or charged today in UTC; null for a key without a spend limit. */
  daily_usd: number | null
  /** Dollars reserved or charged while the key had a spend limit; null for one without. What any key spent is in the usage. */
  total_usd: number | null
  /** The key itself, `ig_…`. Shown only in this answer. */
  key: string
  /** Until when the old one still works. */
  previous_until: string
}

/** A key with its new webhook secret. */
export type RotatedWebhookSecret = {
  /** Names the key without being one: `key_…`. */
  id: string
  /** As the operator named it. */
  name: string
  created_at: string
  /** When it was used last, to within a few minutes. */
  last_used_at: string | null
  /** How many tasks it may make in a minute; null: no limit. */
  rate_limit_per_minute: number | null
  /** How many dollars it may spend on a day in UTC; null: no limit. */
  daily_usd_limit: number | null
  /** How many dollars it may spend altogether; null: no limit. */
  total_usd_limit: number | null
  /** The most that a task made through MCP may cost in dollars; null: no limit. */
  mcp_max_usd: number | null
  /** Dollars reserved or charged today in UTC; null for a key without a spend limit. */
  daily_usd: number | null
  /** Dollars reserved or charged while the key had a spend limit; null for one without. What any key spent is in the usage. */
  total_usd: number | null
  /** Verifies the webhooks of its tasks, `whsec_…`. Shown only in this answer. */
  webhook_secret: string
  /** Until when the old one still works. */
  previous_until: string
}

/** How the gateway is. */
export type Health = {
  /** `unhealthy`: the cron has not been seen for five minutes. */
  status: 'ok' | 'unhealthy'
  /** Of the gateway. */
  version: string
  /** How long ago the cron was seen, which comes every minute; null before it first was. */
  last_sweep_seconds: number | null
  /** How long the task or webhook that waits longest has been due; 0 when none waits. */
  oldest_due_seconds: number
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
      /** Only tasks with an attempt that was charged (`yes`), was not (`no`), or is over and may have been (`unknown`). */
      charged?: 'yes' | 'no' | 'unknown'
      /** Only tasks whose prompt has all of these words, in capitals or not. */
      q?: string
      /** Only tasks made at or after this time. A date alone is its first moment in UTC. */
      created_after?: string
      /** Only tasks made before this time. */
      created_before?: string
      /** `metadata[order]=1042`: only tasks with this value. Several may be given. */
      metadata?: { [name: string]: string }
      /** The `next_cursor` of the page before. */
      cursor?: string
      /** Only tasks that this key made. For the admin token only. */
      key_id?: string
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
      /** A copy so many pixels wide, in proportion; a picture is never enlarged. */
      width?: number
      /** A copy in this format. Default: the picture's own. */
      format?: 'webp' | 'jpeg' | 'avif' | 'png'
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
      /** What gets a row of its own: `day`, `provider` and `key`, separated by commas. */
      group_by?: string
      /** Only what this key paid. For the admin token. */
      key_id?: string
    }
    header: Record<never, never>
    body: undefined
    answer: UsageList
  }
  /** Settle an unknown charge. */
  'POST /v1/attempts/{id}/charge': {
    path: {
      /** The id of an attempt, from `attempts` of its task. */
      id: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: Charge
    answer: Task
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
  /** Change a key. */
  'PATCH /v1/keys/{id}': {
    path: {
      /** The id of the key. */
      id: string
    }
    query: Record<never, never>
    header: Record<never, never>
    body: KeyChanges
    answer: Key
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
