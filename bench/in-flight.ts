/** Many polled tasks in flight at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Gateway } from './gateway.ts'
import { OTHER_POLLED_PROVIDER, POLLED_PROVIDER, type ProviderName } from './task-costs.ts'
import type { Upstream } from './upstream.ts'

/** Both polled ones. */
export const PROVIDERS: readonly ProviderName[] = [POLLED_PROVIDER, OTHER_POLLED_PROVIDER]
const AT_ONCE = 16
const NEVER_SECONDS = 3_600
const LOOK_MS = 200
const LOOKS_MAX = 500
const LOOKS_TO_CRON = 150

/** Accepts so many more tasks that will not end, and returns once their providers have them all. */
export async function fillUp(
  gateway: Gateway,
  upstream: Upstream,
  tasks: number,
  providers: readonly ProviderName[] = PROVIDERS,
): Promise<void> {
  const { length: others } = await upstream.jobs()
  await spread(tasks, AT_ONCE, (position) =>
    gateway.client.tasks.create({
      prompt: `In flight [[delay=${NEVER_SECONDS}]]`,
      provider: providers[position % providers.length] ?? POLLED_PROVIDER,
      deadline_seconds: NEVER_SECONDS,
    }),
  )
  for (let looks = 1; ; looks++) {
    const { length: submitted } = await upstream.jobs()
    if (submitted === others + tasks) return
    if (looks === LOOKS_MAX)
      throw new Error(`Only ${submitted - others} of ${tasks} tasks were submitted.`)
    await sleep(LOOK_MS)
    // A wake that got lost is found by the cron.
    if (looks === LOOKS_TO_CRON) await gateway.runCron()
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
