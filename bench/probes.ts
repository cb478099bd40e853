/** Tasks at a polled provider with a client that waits: how long news takes to reach it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Gateway } from './gateway.ts'
import { OTHER_POLLED_PROVIDER } from './task-costs.ts'
import type { Upstream } from './upstream.ts'

const JOB_SECONDS_MIN = 4
const JOB_SECONDS_SPREAD = 6
const WAIT_SECONDS = 60
/** Whoever was not told by then counts as told after so long. */
export const NEWS_LIMIT_MS = 60_000

/**
 * Starts a task every so often, whose client waits.
 *
 * @returns milliseconds from the provider's "done" to the client, one for each.
 */
export async function probe(
  gateway: Gateway,
  upstream: Upstream,
  probes: number,
  everyMs: number,
): Promise<number[]> {
  const delays: Array<Promise<number>> = []
  for (let position = 0; position < probes; position++) {
    delays.push(delayOfNews(gateway, upstream))
    await sleep(everyMs)
  }
  return Promise.all(delays)
}

/** The same, one after the other: never more than one in flight. */
export async function probeAlone(
  gateway: Gateway,
  upstream: Upstream,
  probes: number,
): Promise<number[]> {
  const delays: number[] = []
  for (let position = 0; position < probes; position++) {
    delays.push(await delayOfNews(gateway, upstream))
  }
  return delays
}

async function delayOfNews(gateway: Gateway, upstream: Upstream): Promise<number> {
  const mark = crypto.randomUUID()
  const seconds = JOB_SECONDS_MIN + Math.random() * JOB_SECONDS_SPREAD
  const { id } = await gateway.client.tasks.create({
    prompt: `${mark} [[delay=${seconds}]]`,
    provider: OTHER_POLLED_PROVIDER,
  })
  const givesUpAt = Date.now() + seconds * 1000 + NEWS_LIMIT_MS
  while (Date.now() < givesUpAt) {
    const waitSeconds = Math.ceil(Math.min(WAIT_SECONDS, (givesUpAt - Date.now()) / 1000))
    const response = await gateway.get(`/v1/tasks/${id}?wait=${waitSeconds}`)
    const task = (await response.json()) as { status: string; completed_at: string | null }
    const toldAt = Date.now()
    if (task.completed_at === null) continue
    const job = (await upstream.jobs()).find(({ prompt }) => prompt.includes(mark))
    if (!job || task.status !== 'succeeded') throw new Error(`A probe ${task.status}.`)
    return toldAt - job.doneAt
  }
  return NEWS_LIMIT_MS
}
