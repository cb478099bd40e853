/** How the ports asks a provider: with its key, at its base URL, nowhere else. */
import { DEFAULT_DUE_INTERVAL_MS } from '../core/schedule'
import type { Attempt, Price, ProviderId } from '../core/task'
import { PROVIDERS } from '../providers'
import { priceOf } from '../providers/offer'
import type { Account, Observation } from '../providers/provider'
import type { Ports } from './ports'

/** Null while the provider's key is not set. */
export function accountOf(ports: Ports, provider: ProviderId): Account | null {
  const { apiKey, baseUrl } = ports.settings.providers[provider]
  return apiKey === null ? null : { apiKey, baseUrl, fetch: ports.fetch }
}

/** What the provider says of a job; null when it can't be asked. */
export async function lookUp(
  ports: Ports,
  attempt: Pick<Attempt, 'provider'>,
  reference: string,
): Promise<Observation | null> {
  const account = accountOf(ports, attempt.provider)
  const provider = PROVIDERS[attempt.provider]
  return account && provider.poll ? provider.poll.ask(reference, account) : null
}

export function pollInterval(provider: ProviderId): number {
  return PROVIDERS[provider].poll?.intervalMs ?? DEFAULT_DUE_INTERVAL_MS
}

/** The price in credits that the provider itself named, which wins over the estimate. */
export function toldPrice(
  ports: Ports,
  provider: ProviderId,
  credits: number | null,
): Price | null {
  return credits === null ? null : priceOf(credits, ports.settings.providers[provider].creditUsd)
}
