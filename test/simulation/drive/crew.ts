/** Batches shared out among threads. */
import { once } from 'node:events'
import { URL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { add, type Batch, NOTHING, type Report } from './batch.ts'
import type { Assignment } from './worker.ts'

/**
 * Runs all batches; ends early at the first failure if one is enough.
 *
 * @param onProgress is told the sum so far after each batch.
 */
export async function runAll(
  batches: readonly Batch[],
  threads: number,
  assignment: Assignment,
  onProgress: (report: Report) => void,
): Promise<Report> {
  const waiting = [...batches]
  let sum = NOTHING
  const isEnough = () => assignment.stopsAtFailure && sum.failures.length > 0
  const work = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: assignment })
    try {
      for (let batch = waiting.shift(); batch && !isEnough(); batch = waiting.shift()) {
        worker.postMessage(batch)
        const [report]: Report[] = await once(worker, 'message')
        if (report) sum = add(sum, report)
        onProgress(sum)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(threads, batches.length) }, work))
  return sum
}

/** Ranges of `size` that cover `from` to `to`. */
export function divide(kind: Batch['kind'], from: number, to: number, size: number): Batch[] {
  const count = Math.ceil((to - from) / size)
  return Array.from({ length: count }, (_, position) => {
    const start = from + position * size
    return { kind, from: start, to: Math.min(to, start + size) }
  })
}
