/** How the flow asks a provider: with its key, at its base URL, nowhere else. */
import type { Attempt } from '../core/attempt'
import type { LookupOutcome, SubmissionOutcome } from '../core/event'
import type { ProviderId } from '../core/request'
import { LOOKUP_INTERVAL_MS } from '../core/schedule'
import { PROVIDERS } from '../providers'
import type { Account, AttemptAccount } from '../providers/provider'
import { dropAnswer, isInAnswer, keepAnswer } from './kept-answer'
import type { Ports } from './ports'

/** Null while the provider's key is not set. */
export function accountOf(ports: Ports, provider: ProviderId): Account | null {
  const { apiKey, baseUrl, creditUsd } = ports.settings.providers[provider]
  return apiKey === null ? null : { apiKey, baseUrl, creditUsd, fetch: ports.fetch }
}

/**
 * Makes a call for an attempt, whose answer may have pictures in it; null while the provider's key is not
 * set. An answer is not kept if nothing of it is wanted.
 */
export async function callFor<T extends SubmissionOutcome | LookupOutcome>(
  ports: Ports,
  { id, provider }: Pick<Attempt, 'id' | 'provider'>,
  call: (account: AttemptAccount) => Promise<T>,
): Promise<T | null> {
  const account = accountOf(ports, provider)
  if (!account) return null
  let hasPictures = false
  const readAnswer = async (response: Response) => {
    const answer = await keepAnswer(ports, id, response)
    hasPictures = answer?.hasPictures ?? false
    return answer?.text ?? null
  }
  const outcome = await call({ ...account, readAnswer })
  const isWanted = outcome.type === 'finished' && outcome.urls.some(isInAnswer)
  if (hasPictures && !isWanted) await dropAnswer(ports, id)
  return outcome
}

/** What the provider says of an attempt's job; null when it can't be asked. */
export async function lookUp(
  ports: Ports,
  attempt: Pick<Attempt, 'id' | 'provider'>,
  reference: string,
): Promise<LookupOutcome | null> {
  const { poll } = PROVIDERS[attempt.provider]
  return poll ? callFor(ports, attempt, (account) => poll.ask(reference, account)) : null
}

/** The pace at which the provider wants its jobs to be looked up. */
export function lookupIntervalMs(provider: ProviderId): number {
  return PROVIDERS[provider].poll?.intervalMs ?? LOOKUP_INTERVAL_MS
}
