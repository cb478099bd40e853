/**
 * How far one deployment goes, by arithmetic: what was counted with some tasks in flight, held
 * against the limits that Cloudflare publishes, for more and more tasks in flight.
 */
import { type Figure, type Row, timed } from '../row.ts'
import { runPolled, runTask, SYNCHRONOUS_PROVIDER, withCountingGateway } from '../task-costs.ts'
import { total } from '../workers/counts.ts'
import { countInFlight } from './in-flight.ts'
import { bytesPerTask } from './reads.ts'

const LEVELS = [100, 1_000, 10_000, 100_000]
/** How long a picture is in flight. */
const JOB_SECONDS = 60
const DAY_SECONDS = 24 * 60 * 60

/** Published: D1 is one thread, about a thousand queries of a millisecond a second. */
const D1_QUERIES_A_SECOND = 1_000
const D1_BYTES = 10e9
/** Published: of a paid Worker's invocation, here a run of the cron. */
const SUBREQUESTS_A_RUN = 10_000
const D1_QUERIES_A_RUN = 1_000
/** What a database is given to do at most, so that a burst finds room. */
const SHARE_USED = 0.5
const SHORT_SECONDS = 3

export const scaling: Row = {
  name: 'scaling',
  title: `polled tasks in flight, each for ${JOB_SECONDS} s, held against the platform's limits`,
  kind: 'time',
  measure: async (extent) => {
    const flying = await countInFlight({ ...extent, isFull: true })
    const finished = await costOfFinished()
    const bytes = await bytesPerTask(extent)
    return LEVELS.flatMap((tasks) => figuresAt(tasks, { ...flying, finished, bytes }))
  },
}

/** Of one task: in flight, a second or a run of the cron; and from its acceptance to its end. */
interface Costs {
  queriesASecond: number
  subrequestsARun: number
  queriesARun: number
  finished: { queries: number; rowsWritten: number }
  bytes: number
}

function figuresAt(tasks: number, costs: Costs): Figure[] {
  const pictures = tasks / JOB_SECONDS
  const queries = tasks * costs.queriesASecond + pictures * costs.finished.queries
  const loads = {
    'D1 queries a second': queries / D1_QUERIES_A_SECOND,
    'subrequests of a cron run': (tasks * costs.subrequestsARun) / SUBREQUESTS_A_RUN,
    'D1 queries of a cron run': (tasks * costs.queriesARun) / D1_QUERIES_A_RUN,
  }
  const at = (what: string) => `${tasks.toLocaleString('en')} in flight: ${what}`
  const shares = Object.entries(loads).map(([limit, share]) =>
    timed(at(`${limit}, of the limit`), share * 100, '%', null),
  )
  const worst = Math.max(...Object.values(loads))
  return [
    ...shares,
    timed(at('databases or shards'), Math.max(1, Math.ceil(worst / SHARE_USED)), '', null),
    timed(
      at('until 10 GB are full, without retention'),
      D1_BYTES / (pictures * DAY_SECONDS * costs.bytes),
      'days',
      null,
    ),
  ]
}

/** What a task takes beside its pending polls. */
function costOfFinished(): Promise<Costs['finished']> {
  return withCountingGateway(async (gateway, upstream) => {
    await runTask(gateway, SYNCHRONOUS_PROVIDER, 0)
    await gateway.untilQuiet()
    const idleCron = total(await gateway.countsOf(() => gateway.runCron()))
    const wishes = { callbackUrl: upstream.webhookUrl }
    return (await runPolled(gateway, upstream, SHORT_SECONDS, idleCron, wishes)).counts
  })
}
