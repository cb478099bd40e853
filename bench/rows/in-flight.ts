/** What many polled tasks in flight ask of the platform: two of its limits are met here first. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fillUp } from '../in-flight.ts'
import { type Extent, type Row, timed } from '../row.ts'
import { withCountingGateway } from '../task-costs.ts'
import { between, subrequests, total } from '../workers/counts.ts'

const TASKS = 300
/** A machine that checks is slow, and does more than this at the same time. */
const TASKS_CHECKED = 100
/** Submissions are written, and polling has found its pace. */
const SETTLE_MS = 3_000
/** How long a run of the cron sweeps. */
const RUN_SECONDS = 60
const RUN_SECONDS_CHECKED = 15

/** Of one task in flight. */
export interface FlightCosts {
  tasks: number
  runSeconds: number
  queriesASecond: number
  queriesALookUp: number
  /** Of one run of the cron. */
  subrequestsARun: number
  queriesARun: number
}

export const inFlight: Row = {
  name: 'in-flight',
  title: 'polled tasks in flight',
  kind: 'count under load',
  measure: async (extent) => {
    const costs = await countInFlight(extent)
    const { tasks, runSeconds, subrequestsARun, queriesASecond, queriesALookUp } = costs
    const name = (what: string) => `${tasks} in flight: ${what}`
    return [
      timed(name(`subrequests of a cron run of ${runSeconds} s, a task`), subrequestsARun, '', 1.5),
      timed(name('D1 queries a second'), queriesASecond * tasks, '', 50),
      timed(name('D1 queries a look-up'), queriesALookUp, '', null),
    ]
  },
}

/** Fills a gateway up and lets the cron run once. */
export function countInFlight({ isFull, say }: Extent): Promise<FlightCosts> {
  const runSeconds = isFull ? RUN_SECONDS : RUN_SECONDS_CHECKED
  const tasks = isFull ? TASKS : TASKS_CHECKED
  const settings = { TICK_SECONDS: String(runSeconds) }
  return withCountingGateway(
    async (gateway, upstream) => {
      await fillUp(gateway, upstream, tasks)
      await sleep(SETTLE_MS)
      say(`${tasks} tasks are in flight; the cron runs for ${runSeconds} s`)
      const before = await gateway.counts()
      const startedAt = Date.now()
      await gateway.runCron()
      const elapsedSeconds = (Date.now() - startedAt) / 1000
      const caused = between(before, await gateway.counts())
      const { queries, fetches } = total(caused)
      return {
        tasks,
        runSeconds,
        queriesASecond: queries / elapsedSeconds / tasks,
        queriesALookUp: queries / fetches,
        subrequestsARun: subrequests(caused.cron) / tasks,
        queriesARun: caused.cron.queries / tasks,
      }
    },
    {},
    settings,
  )
}
