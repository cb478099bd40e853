/** What many polled tasks in flight ask of the platform: two of its limits are met here first. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fillUp } from '../in-flight.ts'
import { type Row, timed } from '../row.ts'
import { withCountingGateway } from '../task-costs.ts'
import { between, subrequests, total } from '../workers/counts.ts'

const TASKS = 300
/** A machine that checks is slow, and does more than this at the same time. */
const TASKS_CHECKED = 100
/** Submissions are written, and polling has found its pace. */
const SETTLE_MS = 3_000
/** How long a run of the cron sweeps. */
const RUN_SECONDS = 60
const RUN_SECONDS_CHECKED = 20

export const inFlight: Row = {
  name: 'in-flight',
  title: 'polled tasks in flight',
  kind: 'count under load',
  measure: ({ isFull, say }) => {
    const seconds = isFull ? RUN_SECONDS : RUN_SECONDS_CHECKED
    const tasks = isFull ? TASKS : TASKS_CHECKED
    const settings = { TICK_SECONDS: String(seconds) }
    return withCountingGateway(
      async (gateway, upstream) => {
        await fillUp(gateway, upstream, tasks)
        await sleep(SETTLE_MS)
        say(`${tasks} tasks are in flight; the cron runs for ${seconds} s`)
        const before = await gateway.counts()
        const startedAt = Date.now()
        await gateway.runCron()
        const elapsedSeconds = (Date.now() - startedAt) / 1000
        const caused = between(before, await gateway.counts())
        const perTask = subrequests(caused.cron) / tasks
        const { queries, fetches } = total(caused)
        const name = (what: string) => `${tasks} in flight: ${what}`
        return [
          timed(name(`subrequests of a cron run of ${seconds} s, a task`), perTask, '', 1.5),
          timed(name('D1 queries a second'), queries / elapsedSeconds, '', 50),
          timed(name('D1 queries a look-up'), queries / fetches, '', null),
        ]
      },
      {},
      settings,
    )
  },
}
