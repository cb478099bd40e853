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

/** The open streams by task, and the tasks whose stream broke for good: those are looked at only. */
interface Streams {
  open: Map<string, AbortController>
  broken: Set<string>
}

/** @returns a stop. */
export function keepWatch(): () => void {
  const streams: Streams = { open: new Map(), broken: new Set() }
  const stopStreams = effect(() => {
    if (apiKey.value === null) return closeAll(streams)
    openAll(streams)
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

function openAll(streams: Streams): void {
  const wanted = running.value
    .filter(({ id }) => !streams.broken.has(id))
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, STREAMS_MAX)
  for (const { id } of wanted) {
    if (!streams.open.has(id) && streams.open.size < STREAMS_MAX) openOne(streams, id)
  }
}

function openOne(streams: Streams, id: string): void {
  const controller = new AbortController()
  streams.open.set(id, controller)
  follow(id, controller.signal)
    .catch(() => streams.broken.add(id))
    .finally(() => {
      streams.open.delete(id)
      if (!controller.signal.aborted) openAll(streams)
    })
}

async function follow(id: string, signal: AbortSignal): Promise<void> {
  for await (const task of client().tasks.events(id, { signal })) putTasks([task])
}

async function look({ open }: Streams): Promise<void> {
  await refreshNewest()
  const unwatched = running.value.filter(({ id }) => !open.has(id))
  await Promise.all(unwatched.slice(0, LOOKS_MAX).map(({ id }) => refreshTask(id)))
}

function closeAll({ open, broken }: Streams): void {
  for (const controller of open.values()) controller.abort()
  open.clear()
  broken.clear()
}
