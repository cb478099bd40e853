/**
 * `/v1/tasks/{id}/events`: the task at each change, as server-sent events.
 *
 * An event's id is the task's version, so a client that reconnects with `Last-Event-ID` goes on
 * where it was. Nothing is read while nobody listens: the stream works only when pulled.
 */
import { Hono } from 'hono'
import { isTerminal, type Task } from '../core/task'
import type { Ports } from '../flow/ports'
import { taskJson } from '../flow/task-json'
import { nextChange } from '../flow/wait'
import { authenticate } from './auth'
import type { AppEnv } from './context'
import { findTask } from './find-task'

/** A comment is sent when nothing changed for this long, so that nobody thinks the line is dead. */
const COMMENT_INTERVAL_MS = 10_000

export const events = new Hono<AppEnv>()

events.get('/:id/events', async (c) => {
  const principal = await authenticate(c)
  const task = await findTask(c, principal)
  const lastEventId = Number(c.req.header('Last-Event-ID') ?? 0)
  const stream = eventStream(c.get('ports'), task, Number.isInteger(lastEventId) ? lastEventId : 0)
  return c.body(stream, 200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache',
    'X-Accel-Buffering': 'no',
  })
})

function eventStream(ports: Ports, first: Task, lastEventId: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let task = first
  let sent = Math.min(lastEventId, first.version)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (task.version <= sent && !isTerminal(task)) {
          task = await nextChange(ports, task, COMMENT_INTERVAL_MS)
        }
        if (task.version > sent) {
          sent = task.version
          const data = JSON.stringify(await taskJson(ports.settings, task, ports.now()))
          controller.enqueue(encoder.encode(`id: ${sent}\nevent: task\ndata: ${data}\n\n`))
        } else if (!isTerminal(task)) {
          controller.enqueue(encoder.encode(': waiting\n\n'))
        }
        if (isTerminal(task)) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
