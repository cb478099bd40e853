/** Many polled tasks in flight at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Gateway } from './gateway.ts'
import type { Upstream } from './upstream.ts'

const PROVIDERS = ['gptimage2.ai', 'gptimage2api.org'] as const
const AT_ONCE = 16
const NEVER_SECONDS = 3_600
const LOOK_MS = 200
const LOOKS_MAX = 200
const LOOKS_A_CRON_RUN = 50

/** Accepts so many tasks that will not end, and returns once their providers have them all. */
export async function fillUp(gateway: Gateway, upstream: Upstream, tasks: number): Promise<void> {
  await spread(tasks, AT_ONCE, (position) =>
    gateway.client.tasks.create({
      prompt: `In flight [[delay=${NEVER_SECONDS}]]`,
      provider: PROVIDERS[position % PROVIDERS.length] ?? 'gptimage2.ai',
      deadline_seconds: NEVER_SECONDS,
    }),
  )
  for (let looks = 1; ; looks++) {
    const { length: submitted } = await upstream.jobs()
    if (submitted === tasks) return
    if (looks === LOOKS_MAX) throw new Error(`Only ${submitted} of ${tasks} tasks were submitted.`)
    await sleep(LOOK_MS)
    // A wake that got lost is found by the cron.
    if (looks % LOOKS_A_CRON_RUN === 0) await gateway.runCron()
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
