/** What one task of each kind costs, counted from its acceptance until all is quiet. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Gateway, withGateway } from './gateway.ts'
import type { Options, Upstream } from './upstream.ts'
import { addCounts, type Counts, total } from './workers/counts.ts'

export const CALLBACK_PROVIDER = 'aivideoapi.ai'
export const POLLED_PROVIDER = 'gptimage2.ai'
export const OTHER_POLLED_PROVIDER = 'gptimage2api.org'
export const SYNCHRONOUS_PROVIDER = 'nanobananaapi.dev'

export type ProviderName =
  | typeof CALLBACK_PROVIDER
  | typeof POLLED_PROVIDER
  | typeof OTHER_POLLED_PROVIDER
  | typeof SYNCHRONOUS_PROVIDER

const PROMPT = 'A lighthouse on a cliff at dusk, oil on canvas'
const CRON_EVERY_MS = 500
const POLLED_SHORT_SECONDS = 3
const POLLED_LONG_SECONDS = 12
const LOOK_MS = 50
const GIVE_UP_MS = 120_000

/** The counting gateway; each cron run is a single pass, and comes only when told to. */
export function withCountingGateway<T>(
  measure: (gateway: Gateway, upstream: Upstream) => Promise<T>,
  upstream: Options = {},
  settings: Record<string, string> = { TICK_SECONDS: '0' },
): Promise<T> {
  return withGateway({ entry: 'bench/workers/counting.ts', upstream, settings }, measure)
}

/** What a task costs whose provider calls back, or answers with the picture. */
export async function countTask(
  gateway: Gateway,
  provider: ProviderName,
  wishes: Wishes = {},
): Promise<Counts> {
  // The first task also notes when the key was used.
  await runTask(gateway, provider, 0, wishes)
  await gateway.untilQuiet()
  return total(await gateway.countsOf(() => runTask(gateway, provider, 1, wishes)))
}

export interface PolledCosts {
  /** A task that was found finished by its first look-up. */
  task: Counts
  /** A look-up that found it still running. */
  pendingPoll: Counts
  /** A run of the cron that has nothing to do. */
  idleCron: Counts
}

/** Two tasks that take differently long, with frequent passes of the cron, tell them apart. */
export async function countPolledTask(gateway: Gateway, upstream: Upstream): Promise<PolledCosts> {
  // The first task also notes when the key was used.
  await runTask(gateway, POLLED_PROVIDER, 0)
  await gateway.untilQuiet()
  const idleCron = await countIdleCron(gateway)
  const short = await runPolled(gateway, upstream, POLLED_SHORT_SECONDS, idleCron)
  const long = await runPolled(gateway, upstream, POLLED_LONG_SECONDS, idleCron)
  const polls = long.pendingPolls - short.pendingPolls
  const difference = addCounts(long.counts, short.counts, -1)
  const pendingPoll = addCounts(difference, difference, 1 / polls - 1)
  return {
    task: addCounts(short.counts, pendingPoll, -short.pendingPolls),
    pendingPoll,
    idleCron,
  }
}

/** Tasks to copy: one of each way to finish, and one that failed, all with a webhook. @returns ids */
export function runTemplates(gateway: Gateway, { webhookUrl }: Upstream): Promise<string[]> {
  return Promise.all([
    runTask(gateway, CALLBACK_PROVIDER, 0, { callbackUrl: webhookUrl }),
    runTask(gateway, SYNCHRONOUS_PROVIDER, 0, { callbackUrl: webhookUrl }),
    runTask(gateway, SYNCHRONOUS_PROVIDER, 0, {
      callbackUrl: webhookUrl,
      fault: '[[submit=moderated]]',
    }),
  ])
}

/** A run of the cron with nothing to do. The first one of a gateway writes more than the others. */
export async function countIdleCron(gateway: Gateway): Promise<Counts> {
  await gateway.runCron()
  return total(await gateway.countsOf(() => gateway.runCron()))
}

/** A polled task with frequent passes of the cron, whose own cost is left out. */
export async function runPolled(
  gateway: Gateway,
  upstream: Upstream,
  seconds: number,
  idleCron: Counts,
  wishes: Wishes = {},
): Promise<{ counts: Counts; pendingPolls: number }> {
  const requestsBefore = upstream.requestsTo(POLLED_PROVIDER)
  let isOver = false
  let cronRuns = 0
  const counts = await gateway.countsOf(async () => {
    const task = runTask(gateway, POLLED_PROVIDER, seconds, wishes).finally(() => {
      isOver = true
    })
    while (!isOver) {
      await sleep(CRON_EVERY_MS)
      await gateway.runCron()
      cronRuns++
    }
    await task
  })
  // The submission and the look-up that had news are no pending polls.
  const pendingPolls = upstream.requestsTo(POLLED_PROVIDER) - requestsBefore - 2
  return { counts: addCounts(total(counts), idleCron, -cronRuns), pendingPolls }
}

export interface Wishes {
  callbackUrl?: string
  /** What the sandbox is to do wrong, so that the task fails. */
  fault?: string
  /** What else is done once it is accepted. */
  meanwhile?: (id: string) => Promise<unknown>
}

/**
 * Runs a task to its end without asking the gateway, which would be counted.
 *
 * @param seconds that the provider takes
 * @returns its id
 */
export async function runTask(
  gateway: Gateway,
  provider: ProviderName,
  seconds: number,
  { callbackUrl, fault = '', meanwhile }: Wishes = {},
): Promise<string> {
  const { id } = await gateway.client.tasks.create({
    prompt: `${PROMPT} [[delay=${seconds}]]${fault}`,
    provider,
    metadata: { order: '1', customer: 'c-1024' },
    ...(callbackUrl ? { callback_url: callbackUrl } : {}),
  })
  const besides = meanwhile?.(id)
  const database = await gateway.database
  const query = database.prepare('select status, completed_at from tasks where id = ?').bind(id)
  for (const startedAt = Date.now(); Date.now() - startedAt < GIVE_UP_MS; ) {
    const row = await query.first<{ status: string; completed_at: number | null }>()
    if (row?.completed_at) {
      const expected = fault === '' ? 'succeeded' : 'failed'
      if (row.status !== expected) throw new Error(`A task at ${provider} ${row.status}.`)
      await besides
      return id
    }
    await sleep(LOOK_MS)
  }
  throw new Error(`A task at ${provider} did not end within ${GIVE_UP_MS / 1000} s.`)
}
