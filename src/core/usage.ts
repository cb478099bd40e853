/**
 * What a task adds to the sums of usage.
 *
 * Invariant: the sums are those of the ledger, because whatever changes a task's attempts changes them in
 * the same write, by the difference between the task before and after it.
 */
import type { Attempt } from './attempt'
import type { ProviderId } from './request'
import { dayOf } from './spending'
import type { Task } from './task'

/** Attempts of one day and provider that were charged, or that are over and may have been. */
export interface UsageEntry {
  /** On which they began: days since the epoch, in UTC. */
  day: number
  provider: ProviderId
  charged: 'yes' | 'unknown'
  attempts: number
  /** Pictures that they were asked for. */
  images: number
  credits: number
  /** Of how many attempts `credits` is the sum; nothing is known of the others. */
  creditsKnown: number
  usd: number
  usdKnown: number
}

type UsageTask = Pick<Task, 'attempts' | 'completedAt'>

/** What the sums change by when `before` becomes `after`: an entry for each group that changes. */
export function usageDifference(before: UsageTask, after: UsageTask): UsageEntry[] {
  const entries = new Map<string, UsageEntry>()
  for (const attempt of after.attempts) add(entries, attempt, after, 1)
  for (const attempt of before.attempts) add(entries, attempt, before, -1)
  return [...entries.values()].filter(isNotNothing)
}

/** Before its task or it is over, nobody asks what became of its charge. */
function add(
  entries: Map<string, UsageEntry>,
  { startedAt, endedAt, provider, charged, indexes, price }: Attempt,
  { completedAt }: UsageTask,
  sign: 1 | -1,
): void {
  if (charged === 'no') return
  if (charged === 'unknown' && endedAt === null && completedAt === null) return
  const day = dayOf(startedAt)
  const group = `${day} ${provider} ${charged}`
  const sums = entries.get(group)
  entries.set(group, {
    day,
    provider,
    charged,
    attempts: (sums?.attempts ?? 0) + sign,
    images: (sums?.images ?? 0) + sign * indexes.length,
    credits: (sums?.credits ?? 0) + sign * (price.credits ?? 0),
    creditsKnown: (sums?.creditsKnown ?? 0) + sign * (price.credits === null ? 0 : 1),
    usd: (sums?.usd ?? 0) + sign * (price.usd ?? 0),
    usdKnown: (sums?.usdKnown ?? 0) + sign * (price.usd === null ? 0 : 1),
  })
}

function isNotNothing({ attempts, images, credits, creditsKnown, usd, usdKnown }: UsageEntry) {
  return [attempts, images, credits, creditsKnown, usd, usdKnown].some((sum) => sum !== 0)
}
