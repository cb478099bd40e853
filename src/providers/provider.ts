/**
 * What every provider can be asked.
 *
 * A provider's quirks (paths, field names, status words, limits, prices) stay in its own file;
 * the ports sees only these types. Expected outcomes are values, never exceptions.
 */
import type { z } from 'zod'
import type {
  Charged,
  Failure,
  FailureCause,
  ImageRequest,
  JsonObject,
  Model,
  ProviderId,
  Quality,
  Resolution,
  Wish,
} from '../core/task'

/** How to reach a provider: its base URL without trailing slash, our key, and a fetch. */
export interface Account {
  baseUrl: string
  apiKey: string
  fetch: typeof fetch
}

/** How a submission ended, as far as anyone can know. */
export type Submission =
  | { kind: 'accepted'; reference: string; credits: number | null }
  | { kind: 'finished'; urls: string[]; credits: number | null }
  /** Definitive and free of charge. */
  | { kind: 'refused'; failure: Failure; cause: FailureCause }
  | { kind: 'rate_limited'; failure: Failure; retryAfterMs: number }
  /** It may have been taken and paid for: never to be repeated. A job that the answer named may be it. */
  | { kind: 'unknown'; failure: Failure; reference: string | null }

/** What a provider says of a job it accepted. */
export type Observation =
  /** `note` is set when the status word is not one of the documented ones. */
  | { kind: 'pending'; note: string | null }
  | { kind: 'finished'; urls: string[]; credits: number | null }
  | {
      kind: 'failed'
      failure: Failure
      cause: FailureCause
      charged: Charged
      credits: number | null
    }
  | { kind: 'missing' }
  /** No news: the provider could not be asked, did not answer readably, or not before some time. */
  | { kind: 'unavailable'; reason: string; retryAfterMs: number | null }

/** One line of a price list; a null tier or quality means whatever it is. */
export interface PriceLine {
  resolution: Resolution | null
  quality: Quality | null
  credits: number
}

/** What a provider documents of one model. */
export interface ModelOffer {
  /** In UTF-16 units, the stricter reading of "characters"; null where no limit is documented. */
  promptLengthMax: number | null
  promptOptionalWithImages: boolean
  imageUrlsMax: number | null
  /** The wishes it can express, in a field of its own or translated. */
  wishes: readonly Wish[]
  /** Null: every ratio that a legal size meets. */
  aspectRatios: readonly string[] | null
  negativePromptLengthMax: number | null
  prices: readonly PriceLine[]
  /** Whether a price is for each image or for the call, however many it makes. */
  pricedPer: 'image' | 'call'
}

export interface Provider {
  readonly id: ProviderId
  readonly finishesBy: 'callback' | 'polling' | 'response'
  readonly defaultBaseUrl: string
  /** Dollars per credit where the provider documents it. */
  readonly defaultCreditUsd: number | null
  /** The most images one call makes. */
  readonly imagesPerCall: number
  /** How long a submission may take before its outcome counts as unknown. */
  readonly submitTimeoutMs: number
  readonly models: Readonly<Partial<Record<Model, ModelOffer>>>
  /** The documented `provider_options` with their ranges; others are sent on as they are. */
  readonly options: z.ZodType
  /** Native fields that the gateway fills; `provider_options` may not name them. */
  readonly ownFields: readonly string[]
  /** Why it can't make this size, or this ratio at this resolution, in words, or null. */
  shapeReason(request: ImageRequest): string | null
  /** The tier that the request is priced at. */
  tier(request: ImageRequest): Resolution
  /** Sends one paid call. The request is one that the provider can make. */
  submit(
    request: ImageRequest,
    account: Account,
    callbackUrl: string | undefined,
  ): Promise<Submission>
  /** How to ask for a job; a provider that answers at once has none. */
  readonly poll?: {
    intervalMs: number
    ask(reference: string, account: Account): Promise<Observation>
  }
  /** The job that a callback's body names, or null when it can't be read. It is only a hint. */
  readCallback?(body: unknown): string | null
  /** The credits left on the account, where the provider has an endpoint for it. */
  balance?(account: Account): Promise<number | null>
}

/** The provider's own fields that the client adds to the native request. */
export function optionsOf(id: ProviderId, request: ImageRequest): JsonObject {
  return request.provider_options?.[id] ?? {}
}
