/** What a task will cost, and what a key can still pay for, for APIs that tell their clients so. */
import { reservationOf, type Spending, usdLeft } from '../core/spending'
import type { Task } from '../core/task'
import { PROVIDERS } from '../providers'
import { offer } from '../providers/offer'
import type { Ports } from './ports'
import { quoteRequest } from './route'

/** Credits that the first provider in line asks for all pictures of a task; null where it names no price. */
export function expectedCredits({ settings }: Ports, { request, candidates }: Task): number | null {
  const [first] = candidates
  if (!first) return null
  const { provider, model } = first
  const { creditUsd } = settings.providers[provider]
  return offer(PROVIDERS[provider], { ...request, model }, creditUsd).price.credits
}

/**
 * How many plain pictures a key can still pay for at the dearest provider; null without a spend limit.
 *
 * @param heldUsd what was taken from its limits since the key was read
 */
export async function imagesLeft(
  ports: Ports,
  spending: Spending,
  heldUsd: number,
): Promise<number | null> {
  const left = usdLeft(spending, ports.now())
  if (left === null) return null
  const quotes = await quoteRequest(ports, { model: 'gpt-image-2', n: 1, prompt: 'Any' }, true)
  const price = reservationOf(quotes ?? [], {})
  return price > 0 ? Math.max(0, Math.floor((left - heldUsd) / price)) : 0
}
