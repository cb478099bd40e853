/** What one task costs, by the way its provider finishes. */
import { exact, type Figure, type Row } from '../row.ts'
import {
  CALLBACK_PROVIDER,
  countPolledTask,
  countTask,
  SYNCHRONOUS_PROVIDER,
  withCountingGateway,
} from '../task-costs.ts'
import { addCounts, type Counts } from '../workers/counts.ts'

interface Goals {
  roundTrips: number
  rowsWritten: number
}

export const callbackTask: Row = {
  name: 'callback-task',
  title: 'a task whose provider calls back',
  kind: 'count',
  measure: () =>
    withCountingGateway(async (gateway) =>
      figuresOf(await countTask(gateway, CALLBACK_PROVIDER), { roundTrips: 10, rowsWritten: 20 }),
    ),
}

export const synchronousTask: Row = {
  name: 'synchronous-task',
  title: 'a task whose provider answers with the picture',
  kind: 'count',
  measure: () =>
    withCountingGateway(async (gateway) =>
      figuresOf(await countTask(gateway, SYNCHRONOUS_PROVIDER), { roundTrips: 8, rowsWritten: 16 }),
    ),
}

export const polledTask: Row = {
  name: 'polled-task',
  title: 'a polled task, a poll that finds it pending, and a run of the cron with nothing to do',
  kind: 'count',
  measure: () =>
    withCountingGateway(async (gateway, upstream) => {
      const { task, pendingPoll, idleCron } = await countPolledTask(gateway, upstream)
      return [
        ...figuresOf(task, null),
        exact('pending poll: D1 round trips', pendingPoll.roundTrips, '', 0),
        exact('pending poll: rows written', pendingPoll.rowsWritten, '', 0),
        exact('pending poll: Durable Object requests', objectRequests(pendingPoll), '', 1),
        exact('pending poll: lines of log', pendingPoll.logLines, '', 0),
        exact('idle cron pass: D1 round trips', idleCron.roundTrips, '', null),
        exact('idle cron pass: rows read', idleCron.rowsRead, '', null),
      ]
    }),
}

export const webhook: Row = {
  name: 'webhook',
  title: 'what a webhook adds to a task',
  kind: 'count',
  measure: () =>
    withCountingGateway(async (gateway, { webhookUrl }) => {
      const without = await countTask(gateway, SYNCHRONOUS_PROVIDER)
      const withIt = await countTask(gateway, SYNCHRONOUS_PROVIDER, {
        callbackUrl: webhookUrl,
      })
      return figuresOf(addCounts(withIt, without, -1), { roundTrips: 3, rowsWritten: 5 })
    }),
}

function figuresOf(counts: Counts, goals: Goals | null): Figure[] {
  return [
    exact('D1 round trips', counts.roundTrips, '', goals?.roundTrips ?? null),
    exact('rows written', counts.rowsWritten, '', goals?.rowsWritten ?? null),
    exact('rows read', counts.rowsRead, '', null),
    exact('R2 operations', counts.bucketClassA + counts.bucketClassB, '', null),
    exact('Durable Object requests', objectRequests(counts), '', null),
    exact('rows in Durable Objects', counts.storageRows, '', null),
    exact('requests to the outside', counts.fetches, '', null),
    exact('lines of log', counts.logLines, '', null),
  ]
}

/** Calls and alarms: both are billed. */
function objectRequests(counts: Counts): number {
  return counts.objectCalls + counts.alarms
}
