/**
 * `GET /v1/tasks/{id}/events`: the task at each change, as server-sent events.
 *
 * An event's id is the task's version, so a client that reconnects with `Last-Event-ID` goes on
 * where it was. Nothing is read while nobody listens: the stream works only when pulled.
 */
import * as z from 'zod'
import { isTerminal, type Task } from '../../core/task'
import type { Ports } from '../../flow/ports'
import { taskJson } from '../../flow/task-json'
import { nextChange } from '../../flow/wait'
import { keyIdOf } from '../auth'
import { stream } from '../endpoint/answer'
import { endpoint } from '../endpoint/endpoint'
import { isApiError } from '../errors'
import { TASK_ID, taskParams } from './examples'
import { findTask } from './find'

/** A comment is sent when nothing changed for this long, so that nobody thinks the line is dead. */
const COMMENT_INTERVAL_MS = 10_000
const MEDIA_TYPE = 'text/event-stream'

/** What is no version counts as none. */
const lastEventIdSchema = z
  .string()
  .optional()
  .transform((text) => {
    const version = Number(text ?? 0)
    return Number.isInteger(version) ? version : 0
  })
  .meta({
    description: 'The `id` of the last event you saw; only later ones are sent.',
    examples: ['0'],
  })

export const streamTask = endpoint({
  id: 'streamTask',
  method: 'get',
  path: '/v1/tasks/{id}/events',
  tag: 'Tasks',
  summary: 'Follow a task',
  description: `Server-sent events: an event \`task\` with the whole task at each change, a comment at least every ${COMMENT_INTERVAL_MS / 1000} s while nothing changes, and the end of the stream when the task is over.`,
  access: 'reader',
  params: taskParams,
  headers: z.object({ 'Last-Event-ID': lastEventIdSchema }),
  answers: {
    200: stream([MEDIA_TYPE], 'A stream of events.', {
      example: `id: 5\nevent: task\ndata: {"id":"${TASK_ID}","object":"task","status":"succeeded", …}\n\n`,
      headers: ['Cache-Control', 'X-Accel-Buffering'],
    }),
  },
  errors: ['task_not_found'],
  examples: [{ title: 'From the beginning', headers: { 'Last-Event-ID': '0' } }],
}).handle(async ({ ports, caller, params, headers }) => {
  const task = await findTask(ports, params.id, keyIdOf(caller))
  if (isApiError(task)) return task
  return {
    status: 200,
    mediaType: MEDIA_TYPE,
    body: eventStream(ports, task, headers['Last-Event-ID']),
    headers: { 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' },
  }
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
