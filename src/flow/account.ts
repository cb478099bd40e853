/** How the engine asks a provider: with its key, at its base URL, nowhere else. */
import { DEFAULT_DUE_INTERVAL_MS } from '../core/schedule'
import type { Attempt, Price, ProviderId } from '../core/task'
import { PROVIDERS } from '../providers'
import { priceOf } from '../providers/offer'
import type { Account, Observation } from '../providers/provider'
import type { Engine } from './engine'

/** Null while the provider's key is not set. */
export function accountOf(engine: Engine, provider: ProviderId): Account | null {
  const { apiKey, baseUrl } = engine.settings.providers[provider]
  return apiKey === null ? null : { apiKey, baseUrl, fetch: engine.fetch }
}

/** What the provider says of a job; null when it can't be asked. */
export async function lookUp(
  engine: Engine,
  attempt: Pick<Attempt, 'provider'>,
  reference: string,
): Promise<Observation | null> {
  const account = accountOf(engine, attempt.provider)
  const provider = PROVIDERS[attempt.provider]
  return account && provider.poll ? provider.poll.ask(reference, account) : null
}

export function pollInterval(provider: ProviderId): number {
  return PROVIDERS[provider].poll?.intervalMs ?? DEFAULT_DUE_INTERVAL_MS
}

/** The price in credits that the provider itself named, which wins over the estimate. */
export function toldPrice(
  engine: Engine,
  provider: ProviderId,
  credits: number | null,
): Price | null {
  return credits === null ? null : priceOf(credits, engine.settings.providers[provider].creditUsd)
}
