/**
 * What Cloudflare charges for a thousand pictures, from the counts of one and the published prices:
 * a job of half a minute, answers that take their time, and a webhook at the end.
 */
import { durationUsd, usd } from '../prices.ts'
import { type Row, timed } from '../row.ts'
import {
  CALLBACK_PROVIDER,
  countIdleCron,
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
  return withCountingGateway(
    async (gateway, { webhookUrl: callbackUrl }) => {
      await runTask(gateway, provider, 0, { callbackUrl })
      await gateway.untilQuiet()
      const meanwhile = async (id: string) => {
        if (isAwaited) await (await gateway.get(`/v1/tasks/${id}?wait=${WAIT_SECONDS}`)).text()
      }
      const run = () => runTask(gateway, provider, JOB_SECONDS, { callbackUrl, meanwhile })
      return total(await gateway.countsOf(run))
    },
    { latencyMs: LATENCY_MS },
  )
}

function polledCost(): Promise<Counts> {
  return withCountingGateway(
    async (gateway, upstream) => {
      await runTask(gateway, SYNCHRONOUS_PROVIDER, 0)
      await gateway.untilQuiet()
      const idleCron = await countIdleCron(gateway)
      const wishes = { callbackUrl: upstream.webhookUrl }
      return (await runPolled(gateway, upstream, JOB_SECONDS, idleCron, wishes)).counts
    },
    { latencyMs: LATENCY_MS },
  )
}
