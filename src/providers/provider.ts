/**
 * What every provider can be asked.
 *
 * A provider's quirks (paths, field names, status words, limits, prices) stay in its own file;
 * the engine sees only these types. Expected outcomes are values, never exceptions.
 */
import type { Charged, Failure, ImageRequest, JsonObject, ProviderId } from '../core/task'

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
  | { kind: 'refused'; failure: Failure; contentRefused: boolean }
  | { kind: 'rate_limited'; failure: Failure; retryAfterMs: number }
  /** It may have been taken and paid for: never to be repeated. */
  | { kind: 'unknown'; failure: Failure }

/** What a provider says of a job it accepted. */
export type Observation =
  /** `note` is set when the status word is not one of the documented ones. */
  | { kind: 'pending'; note: string | null }
  | { kind: 'finished'; urls: string[]; credits: number | null }
  | {
      kind: 'failed'
      failure: Failure
      contentRefused: boolean
      charged: Charged
      credits: number | null
    }
  | { kind: 'missing' }
  /** No news: the provider could not be asked or did not answer readably. */
  | { kind: 'unavailable'; reason: string }

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
  readonly pollIntervalMs: number
  /** Native fields that the gateway fills; a client's `provider_options` may not name them. */
  readonly ownFields: readonly string[]
  /** Why this provider can't make the request (field and limit, in words), or null. */
  unsupported(request: ImageRequest): string | null
  /** Credits for one call that makes `request.n` images, or null when no price is documented. */
  credits(request: ImageRequest): number | null
  /** Sends one paid call. The request is one that `unsupported` lets through. */
  submit(
    request: ImageRequest,
    account: Account,
    callbackUrl: string | undefined,
  ): Promise<Submission>
  poll?(reference: string, account: Account): Promise<Observation>
}

/** The provider's own fields that the client adds to the native request. */
export function optionsOf(id: ProviderId, request: ImageRequest): JsonObject {
  return request.provider_options?.[id] ?? {}
}
