/**
 * What is asked for, of whom, and for how much: providers, models, the request of a task, prices.
 *
 * The request has wire names, because it is stored and echoed as it was accepted.
 */

export const PROVIDER_IDS = [
  'aivideoapi.ai',
  'gptimage2api.org',
  'gptimage2.ai',
  'nanobananaapi.dev',
] as const
export type ProviderId = (typeof PROVIDER_IDS)[number]

/** `aivideoapi.ai` → `AIVIDEOAPI_AI`, the prefix of that provider's settings. */
export function settingPrefix(id: ProviderId): string {
  return id.toUpperCase().replaceAll('.', '_')
}

export const MODELS = [
  'gpt-image-2',
  'nano-banana-2',
  'nano-banana-pro',
  'google/nano-banana',
  'gemini-3-pro-image-preview',
  'gemini-3.1-flash-image-preview',
] as const
export type Model = (typeof MODELS)[number]

/** Of a request that names none. */
export const DEFAULT_MODEL: Model = 'gpt-image-2'

export const RESOLUTIONS = ['1k', '2k', '4k'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

export const QUALITIES = ['low', 'medium', 'high', 'auto'] as const
export type Quality = (typeof QUALITIES)[number]

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [name: string]: JsonValue }
export type JsonObject = { [name: string]: JsonValue }

/** How `auto` and `providers` are ordered. */
export const ROUTES = ['order', 'cheapest', 'fastest'] as const
export type Route = (typeof ROUTES)[number]

/** What the picture should be. Wire names, because the request is stored and echoed as accepted. */
export interface ImageRequest {
  model: Model
  n: number
  prompt?: string
  image_urls?: string[]
  aspect_ratio?: string
  resolution?: Resolution
  size?: string
  quality?: Quality
  negative_prompt?: string
  seed?: string
  provider_options?: Partial<Record<ProviderId, JsonObject>>
  /** Wishes that do not keep a provider without such a setting from making it. Never shown. */
  optional_wishes?: Wish[]
}

/** Wishes of a request that not every provider has a field for. */
export const WISHES = [
  'aspect_ratio',
  'resolution',
  'size',
  'quality',
  'negative_prompt',
  'seed',
] as const
export type Wish = (typeof WISHES)[number]

/** APIs that call their clients back, in words of their own. */
export type CallbackFormat = 'aivideoapi.ai'

/** An image request with the client's wishes about providers, money, time and delivery. */
export interface TaskRequest extends Omit<ImageRequest, 'model'> {
  /** As it was asked for: the name of a model, or another name for it. */
  model: string
  provider?: ProviderId | 'auto'
  providers?: ProviderId[]
  fallback_models?: string[]
  max_usd?: number
  route?: Route
  failover_on_refusal?: boolean
  resubmit_on_unknown?: boolean
  deadline_seconds?: number
  callback_url?: string
  /** The provider whose API the receiver at `callback_url` reads; a webhook without it. Never shown. */
  callback_format?: CallbackFormat
  metadata?: Record<string, string>
}

/** One provider and model that may make the pictures; a task tries its candidates in order. */
export interface Candidate {
  provider: ProviderId
  model: Model
}

/** Credits as the provider counts them, and dollars where a credit has a known price. */
export interface Price {
  credits: number | null
  usd: number | null
}
