/**
 * What Cloudflare charges for a thousand pictures, from the counts of one and the published prices:
 * a job of half a minute, answers that take their time, and a webhook at the end.
 */
import { durationUsd, usd } from '../prices.ts'
import { type Row, timed } from '../row.ts'
import {
  CALLBACK_PROVIDER,
  type ProviderName,
  runPolled,
  runTask,
  SYNCHRONOUS_PROVIDER,
  withCountingGateway,
} from '../task-costs.ts'
import { type Counts, total } from '../workers/counts.ts'

const JOB_SECONDS = 30
const LATENCY_MS = 300
const PICTURES = 1_000
const WAIT_SECONDS = 60

export const dollars: Row = {
  name: 'dollars',
  title: `platform dollars for ${PICTURES} pictures with a webhook, of jobs that take ${JOB_SECONDS} s`,
  kind: 'time',
  measure: async () => {
    const [callback, polled, synchronous, waiting] = await Promise.all([
      cost(CALLBACK_PROVIDER, false),
      polledCost(),
      cost(SYNCHRONOUS_PROVIDER, false),
      cost(CALLBACK_PROVIDER, true),
    ])
    const figure = (name: string, dollarsEach: number, goal: number | null) =>
      timed(name, dollarsEach * PICTURES, '$', goal)
    return [
      figure('callback', usd(callback), 0.035),
      figure('polled', usd(polled), 0.05),
      figure('synchronous', usd(synchronous), 0.09),
      figure('a client that waits adds', usd(waiting) - usd(callback), 0.02),
      figure("synchronous, of which its runner's time", durationUsd(synchronous.activeMs), null),
    ]
  },
}

/** @param isAwaited a client holds a request open until the picture is there. */
function cost(provider: ProviderName, isAwaited: boolean): Promise<Counts> {
  const measure = withCountingGateway(
    async (gateway, { webhookUrl }) => {
      await runTask(gateway, provider, 0, webhookUrl)
      await gateway.untilQuiet()
      const wait = async (id: string) => {
        const response = await gateway.get(`/v1/tasks/${id}?wait=${WAIT_SECONDS}`)
        await response.body?.cancel()
      }
      const begun = isAwaited ? wait : async () => undefined
      return total(
        await gateway.countsOf(() =>
          runTask(gateway, provider, JOB_SECONDS, webhookUrl, '', begun),
        ),
      )
    },
    { latencyMs: LATENCY_MS },
  )
  return measure
}

function polledCost(): Promise<Counts> {
  return withCountingGateway(
    async (gateway, upstream) => {
      await runTask(gateway, SYNCHRONOUS_PROVIDER, 0)
      await gateway.untilQuiet()
      const idleCron = total(await gateway.countsOf(() => gateway.runCron()))
      const { webhookUrl } = upstream
      return (await runPolled(gateway, upstream, JOB_SECONDS, idleCron, webhookUrl)).counts
    },
    { latencyMs: LATENCY_MS },
  )
}
