/** A thread that runs batches: its own bundle, so its own world. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Batch, runBatch } from './batch.ts'
import { loadSimulation } from './bundle.ts'
import { GUARDS } from './guards.ts'

/** What a thread is started with. */
export interface Assignment {
  /** The guard that is switched off. */
  guard: string | null
  /** One failure is enough. */
  stopsAtFailure: boolean
}

const { guard, stopsAtFailure }: Assignment = workerData
const simulation = await loadSimulation(GUARDS.find((other) => other.guard === guard))
parentPort?.on('message', async (batch: Batch) => {
  parentPort?.postMessage(await runBatch(simulation, batch, stopsAtFailure))
})
