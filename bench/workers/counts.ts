/** What is counted at the Worker's bindings: by the counting Worker, and read by whoever measures. */

/** Who caused it: an HTTP request, a run of the cron, or a task's runner. */
export type Scope = 'request' | 'cron' | 'runner'

export interface Counts {
  /** HTTP requests and cron runs. */
  invocations: number
  /** To D1: a batch is one. */
  roundTrips: number
  /** To D1: a batch is as many as it has statements. */
  queries: number
  rowsRead: number
  rowsWritten: number
  /** Of R2, as they are billed: A changes or lists, B reads. Deleting is free. */
  bucketClassA: number
  bucketClassB: number
  /** Calls of Durable Objects; a WebSocket is opened by one. */
  objectCalls: number
  /** What a WebSocket made a Durable Object do. */
  socketEvents: number
  /** Alarms that went off. */
  alarms: number
  alarmsSet: number
  /** Rows written in the Durable Objects' own storage; setting an alarm is one. */
  storageRows: number
  /** Requests to the outside. */
  fetches: number
  logLines: number
  /** How long Durable Objects were at work or had a caller: what their duration is billed by. */
  activeMs: number
}

export type ScopedCounts = Record<Scope, Counts>

export function noCounts(): Counts {
  return {
    invocations: 0,
    roundTrips: 0,
    queries: 0,
    rowsRead: 0,
    rowsWritten: 0,
    bucketClassA: 0,
    bucketClassB: 0,
    objectCalls: 0,
    socketEvents: 0,
    alarms: 0,
    alarmsSet: 0,
    storageRows: 0,
    fetches: 0,
    logLines: 0,
    activeMs: 0,
  }
}

export function noScopedCounts(): ScopedCounts {
  return { request: noCounts(), cron: noCounts(), runner: noCounts() }
}

/** `a + factor * b`, count by count. */
export function addCounts(a: Counts, b: Counts, factor = 1): Counts {
  const sum = noCounts()
  for (const name of Object.keys(sum) as Array<keyof Counts>) sum[name] = a[name] + factor * b[name]
  return sum
}

/** What came between two readings. */
export function between(before: ScopedCounts, after: ScopedCounts): ScopedCounts {
  return {
    request: addCounts(after.request, before.request, -1),
    cron: addCounts(after.cron, before.cron, -1),
    runner: addCounts(after.runner, before.runner, -1),
  }
}

export function total({ request, cron, runner }: ScopedCounts): Counts {
  return addCounts(addCounts(request, cron), runner)
}

/** What an invocation may have 10,000 of. */
export function subrequests(counts: Counts): number {
  const { roundTrips, bucketClassA, bucketClassB, objectCalls, fetches } = counts
  return roundTrips + bucketClassA + bucketClassB + objectCalls + fetches
}
