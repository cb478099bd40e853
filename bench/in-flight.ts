/** Many polled tasks in flight at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Gateway } from './gateway.ts'
import type { Upstream } from './upstream.ts'

const PROVIDERS = ['gptimage2.ai', 'gptimage2api.org'] as const
const AT_ONCE = 16
const NEVER_SECONDS = 3_600
const GIVE_UP_MS = 120_000

/** Accepts so many tasks that will not end, and returns once their providers have them all. */
export async function fillUp(gateway: Gateway, upstream: Upstream, tasks: number): Promise<void> {
  await spread(tasks, AT_ONCE, (position) =>
    gateway.client.tasks.create({
      prompt: `In flight [[delay=${NEVER_SECONDS}]]`,
      provider: PROVIDERS[position % PROVIDERS.length] ?? 'gptimage2.ai',
      deadline_seconds: NEVER_SECONDS,
    }),
  )
  for (const startedAt = Date.now(); (await upstream.jobs()).length < tasks; ) {
    if (Date.now() - startedAt > GIVE_UP_MS) throw new Error('Not all tasks were submitted.')
    await sleep(200)
  }
}

/** Does something so many times, so many at once. */
export async function spread(
  times: number,
  atOnce: number,
  work: (position: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < times) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
