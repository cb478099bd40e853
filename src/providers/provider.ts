/**
 * What every provider can be asked.
 *
 * A provider's quirks (paths, field names, status words, limits, prices) stay in its own file;
 * the ports sees only these types. Expected outcomes are values, never exceptions.
 */
import type { z } from 'zod'
import type { LookupOutcome, SubmissionOutcome } from '../core/event'
import type {
  ImageRequest,
  JsonObject,
  Model,
  Price,
  ProviderId,
  Quality,
  Resolution,
  Wish,
} from '../core/request'
import { roundMoney } from '../core/spending'

/** How to reach a provider: its base URL without trailing slash, our key, and a fetch. */
export interface Account {
  baseUrl: string
  apiKey: string
  /** Dollars per credit; null where it is not known. */
  creditUsd: number | null
  fetch: typeof fetch
}

/** An account in the use of one attempt. */
export interface AttemptAccount extends Account {
  /**
   * The text of an answer of HTTP 2xx; null where it can't be had. A picture inside it is kept, and in
   * the text an address of the form `answer:<n>` stands for it.
   */
  readAnswer(response: Response): Promise<string | null>
}

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
    account: AttemptAccount,
    callbackUrl: string | undefined,
  ): Promise<SubmissionOutcome>
  /** How to ask for a job; a provider that answers at once has none. */
  readonly poll?: {
    intervalMs: number
    ask(reference: string, account: AttemptAccount): Promise<LookupOutcome>
  }
  /** The job that a callback's body names, or null when it can't be read. It is only a hint. */
  readCallback?(body: unknown): string | null
  /** The credits left on the account, where the provider has an endpoint for it. */
  balance?(account: Account): Promise<number | null>
}

/** Credits in dollars too, where a credit has a price. */
export function priceOf(credits: number | null, creditUsd: number | null): Price {
  const usd = credits === null || creditUsd === null ? null : roundMoney(credits * creditUsd)
  return { credits: credits === null ? null : roundMoney(credits), usd }
}

/** The price in credits that the provider itself named, which wins over the estimate. */
export function toldPrice(credits: number | null, account: Account): Price | null {
  return credits === null ? null : priceOf(credits, account.creditUsd)
}

/** The provider's own fields that the client adds to the native request. */
export function optionsOf(id: ProviderId, request: ImageRequest): JsonObject {
  return request.provider_options?.[id] ?? {}
}
