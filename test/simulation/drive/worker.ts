/** A thread that runs batches: its own bundle, so its own world. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Batch, runBatch } from './batch.ts'
import { type Exchange, loadSimulation } from './bundle.ts'

/** What a thread is started with. */
export interface Assignment {
  exchange: Exchange | null
  /** One failure is enough. */
  stopsAtFailure: boolean
}

const { exchange, stopsAtFailure }: Assignment = workerData
const simulation = await loadSimulation(exchange)
parentPort?.on('message', async (batch: Batch) => {
  parentPort?.postMessage(await runBatch(simulation, batch, stopsAtFailure))
})
