/**
 * Follows tasks that are under way: the newest by their event streams, all others by looking.
 *
 * A browser opens six connections to a gateway without HTTP/2, and pictures want some of them.
 */
import { effect } from '@preact/signals'
import { putTasks, refreshNewest, refreshTask, running } from '../gallery/list.ts'
import { apiKey, client } from '../session.ts'

const STREAMS_MAX = 3
const LOOK_INTERVAL_MS = 2000
/** When nothing is under way: somebody else may have made a task with this key. */
const IDLE_LOOKS = 4
/** Tasks that are looked up one by one at each look. */
const LOOKS_MAX = 4

/** @returns a stop. */
export function keepWatch(): () => void {
  const streams = new Map<string, AbortController>()
  const stopStreams = effect(() => {
    if (apiKey.value === null) return closeAll(streams)
    for (const { id } of newest()) if (!streams.has(id)) open(streams, id)
  })
  let looks = 0
  const timer = setInterval(() => {
    looks++
    if (apiKey.value === null || document.hidden) return
    if (running.value.length > 0 || looks % IDLE_LOOKS === 0) look(streams).catch(() => undefined)
  }, LOOK_INTERVAL_MS)
  return () => {
    stopStreams()
    clearInterval(timer)
    closeAll(streams)
  }
}

function newest() {
  return [...running.value].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, STREAMS_MAX)
}

function open(streams: Map<string, AbortController>, id: string): void {
  if (streams.size >= STREAMS_MAX) return
  const controller = new AbortController()
  streams.set(id, controller)
  follow(id, controller.signal)
    // What the stream could not tell, the next look will.
    .catch(() => undefined)
    .finally(() => {
      streams.delete(id)
      const next = newest().find((task) => !streams.has(task.id) && task.id !== id)
      if (next && !controller.signal.aborted) open(streams, next.id)
    })
}

async function follow(id: string, signal: AbortSignal): Promise<void> {
  for await (const task of client().tasks.events(id, { signal })) putTasks([task])
}

async function look(streams: ReadonlyMap<string, AbortController>): Promise<void> {
  await refreshNewest()
  const unwatched = running.value.filter(({ id }) => !streams.has(id))
  await Promise.all(unwatched.slice(0, LOOKS_MAX).map(({ id }) => refreshTask(id)))
}

function closeAll(streams: Map<string, AbortController>): void {
  for (const controller of streams.values()) controller.abort()
  streams.clear()
}
