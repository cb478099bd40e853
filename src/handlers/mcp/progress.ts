/** Waiting for a task while its client is told how long it has been, against how long pictures take. */
import type { ProviderId } from '../../core/request'
import type { Task } from '../../core/task'
import type { Ports } from '../../flow/ports'
import { healthForRouting } from '../../flow/route'
import { untilOver } from '../../flow/wait'

const INTERVAL_MS = 5_000

export interface Progress {
  progress: number
  total?: number
  message: string
}

/**
 * The task once it is terminal, or as it is after `seconds` or when the client gave up.
 *
 * @param tell null where the client does not want to hear
 */
export async function untilOverTelling(
  ports: Ports,
  task: Task,
  seconds: number,
  signal: AbortSignal,
  tell: ((progress: Progress) => Promise<void>) | null,
): Promise<Task> {
  const over = untilOver(ports, task, seconds)
  if (!tell || seconds === 0) return over
  let isOver = false
  const end = over.finally(() => {
    isOver = true
  })
  const [candidate] = task.candidates
  const median = candidate ? await medianSeconds(ports, candidate.provider) : null
  while (!isOver && !signal.aborted) {
    // A client that can't be told any more has gone, which the signal says.
    await tell(progressOf(task, median, ports.now())).catch(() => undefined)
    await Promise.race([end, ports.sleep(INTERVAL_MS)])
  }
  return signal.aborted ? task : over
}

function progressOf({ createdAt }: Task, median: number | null, now: number): Progress {
  const elapsed = Math.round((now - createdAt) / 100) / 10
  const spent = `${Math.round(elapsed)} s`
  if (median === null) return { progress: elapsed, message: spent }
  const message = `${spent}; a picture took ${Math.round(median)} s in the middle of the last day`
  return elapsed < median
    ? { progress: elapsed, total: median, message }
    : { progress: elapsed, message }
}

/** Null when nothing is known of it, or the ledger can't be read now. */
async function medianSeconds(ports: Ports, provider: ProviderId): Promise<number | null> {
  const health = await healthForRouting(ports).catch(() => null)
  return health?.get(provider)?.medianSeconds ?? null
}
