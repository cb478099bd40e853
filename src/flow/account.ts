/** How the flow asks a provider: with its key, at its base URL, nowhere else. */
import type { LookupOutcome } from '../core/event'
import type { ProviderId } from '../core/request'
import { LOOKUP_INTERVAL_MS } from '../core/schedule'
import { PROVIDERS } from '../providers'
import type { Account } from '../providers/provider'
import type { Ports } from './ports'

/** Null while the provider's key is not set. */
export function accountOf(ports: Ports, provider: ProviderId): Account | null {
  const { apiKey, baseUrl, creditUsd } = ports.settings.providers[provider]
  return apiKey === null ? null : { apiKey, baseUrl, creditUsd, fetch: ports.fetch }
}

/** What the provider says of a job; null when it can't be asked. */
export async function lookUp(
  ports: Ports,
  id: ProviderId,
  reference: string,
): Promise<LookupOutcome | null> {
  const account = accountOf(ports, id)
  const provider = PROVIDERS[id]
  return account && provider.poll ? provider.poll.ask(reference, account) : null
}

/** The pace at which the provider wants its jobs to be looked up. */
export function lookupIntervalMs(provider: ProviderId): number {
  return PROVIDERS[provider].poll?.intervalMs ?? LOOKUP_INTERVAL_MS
}
