/**
 * `GET /v1/tasks/{id}/events`: the task at each change, as server-sent events.
 *
 * An event's id is the task's version, so a client that reconnects with `Last-Event-ID` goes on
 * where it was; a version that shows nothing new is no event. Nothing is read while nobody listens: the
 * stream works only when pulled.
 */
import * as z from 'zod'
import { isTerminal, type Task } from '../../core/task'
import type { Ports } from '../../flow/ports'
import { CHECK_INTERVAL_MS, follow } from '../../flow/wait'
import type { TaskJson } from '../../wire/task'
import { type Callers, keyIdOf } from '../auth'
import { stream } from '../endpoint/answer'
import { endpoint } from '../endpoint/endpoint'
import { isApiError } from '../errors'
import { TASK_ID, taskParams } from './examples'
import { findTask } from './find'
import { showTask } from './show'

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
  description: `Server-sent events: an event \`task\` with the whole task at each change, a comment at least every ${CHECK_INTERVAL_MS / 1000} s while nothing changes, and the end of the stream when the task is over.`,
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
    body: eventStream(new Feed(ports, caller, task, headers['Last-Event-ID'])),
    headers: { 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' },
  }
})

function eventStream(feed: Feed): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const block = await feed.next()
        if (block !== null) controller.enqueue(encoder.encode(`${block}\n\n`))
        if (feed.isOver) controller.close()
      },
      cancel: () => feed.leave(),
    },
    { highWaterMark: 0 },
  )
}

/** What one listener is told of a task, block by block. */
class Feed {
  readonly #ports: Ports
  readonly #caller: Callers['reader']
  readonly #changes: AsyncGenerator<Task, void>
  #task: Task
  /** The version that the listener knows, and what it shows; null while that is not known. */
  #sent: number
  #sentFacts: string | null = null

  constructor(ports: Ports, caller: Callers['reader'], task: Task, lastEventId: number) {
    this.#ports = ports
    this.#caller = caller
    this.#task = task
    this.#changes = follow(ports, task, Number.POSITIVE_INFINITY)
    this.#sent = Math.min(lastEventId, task.version)
  }

  get isOver(): boolean {
    return isTerminal(this.#task) && this.#task.version <= this.#sent
  }

  /** The next event, or a comment, so that nobody takes the line for dead; null when there is nothing more. */
  async next(): Promise<string | null> {
    const { value } = await this.#changes.next()
    if (value) this.#task = value
    const event = await this.#event()
    return event === null && !this.isOver ? ': waiting' : event
  }

  async leave(): Promise<void> {
    await this.#changes.return()
  }

  /** Null when the task shows nothing new: not every version of it does. */
  async #event(): Promise<string | null> {
    const isNew = this.#task.version > this.#sent
    if (!isNew && this.#sentFacts !== null) return null
    const shown = await showTask(this.#ports, this.#caller, this.#task)
    const facts = factsOf(shown)
    const isKnown = !isNew || facts === this.#sentFacts
    this.#sent = this.#task.version
    this.#sentFacts = facts
    return isKnown ? null : `id: ${this.#sent}\nevent: task\ndata: ${JSON.stringify(shown)}`
  }
}

/** A task without the addresses, which are signed afresh each time. */
function factsOf({ outputs, ...task }: TaskJson): string {
  const stored = outputs.map(({ url: _, url_expires_at: __, ...facts }) => facts)
  return JSON.stringify({ ...task, outputs: stored })
}
