/**
 * The task at each change, from a stream of server-sent events.
 *
 * A stream that drops is taken up again after the last event that was seen, so nothing is missed.
 */
import { ImagegateError } from './errors.ts'
import { pause, type Transport } from './transport.ts'
import type { Task } from './types.ts'

/** Streams in a row that bring no news; each was opened with repeats of its own. */
const BARREN_STREAMS_MAX = 5
const PAUSE_MS = 1000

export async function* watchTask(
  transport: Transport,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Task, void, void> {
  let lastEventId = '0'
  for (let barren = 0; barren < BARREN_STREAMS_MAX; barren++) {
    const response = await transport.open('GET /v1/tasks/{id}/events', {
      path: { id },
      header: { 'Last-Event-ID': lastEventId },
      signal,
    })
    for await (const event of readEvents(response, signal)) {
      lastEventId = event.id
      barren = 0
      yield event.task
      if (event.task.completed_at !== null) return
    }
    await pause(PAUSE_MS, signal)
  }
  throw new ImagegateError('connection_failed', 'The stream of events kept breaking off.', {
    status: 0,
  })
}

interface StreamEvent {
  id: string
  task: Task
}

/** Ends quietly where the stream breaks off; what came in part is left out. */
async function* readEvents(response: Response, signal?: AbortSignal): AsyncGenerator<StreamEvent> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  try {
    for (;;) {
      const chunk = await reader?.read().catch(() => undefined)
      signal?.throwIfAborted()
      if (!chunk || chunk.done) return
      const parts = (text + chunk.value).split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const event = parseEvent(part)
        if (event) yield event
      }
    }
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
}

/** Null for a comment. */
function parseEvent(text: string): StreamEvent | null {
  const id = /^id: ?(.*)$/m.exec(text)?.[1]
  const data = /^data: ?(.*)$/m.exec(text)?.[1]
  return id === undefined || data === undefined ? null : { id, task: JSON.parse(data) }
}
