/**
 * `stream: true`: each picture as an event once it is there, a comment meanwhile, an error at the end.
 *
 * Nothing is read while nobody listens: the stream works only when pulled.
 */
import { isTerminal, type Task } from '../../../core/task'
import type { Ports } from '../../../flow/ports'
import { taskJson } from '../../../flow/task-json'
import { follow } from '../../../flow/wait'
import { streamOf } from '../../../outputs/piece-stream'
import { openAiErrorJson } from './errors'
import type { Wanted } from './fields'
import { type MadePicture, PictureObject, picturesOf } from './picture'
import { AFTER_DEADLINE_MS, failureOf } from './task'

export const EVENT_STREAM = 'text/event-stream'

export type EventName = 'image_generation.completed' | 'image_edit.completed'

const encoder = new TextEncoder()

/** @param leave called when the client goes away before the end */
export function eventStream(
  ports: Ports,
  task: Task,
  wanted: Wanted,
  name: EventName,
  leave: () => void,
): ReadableStream<Uint8Array> {
  return streamOf(events(ports, task, wanted, name), leave)
}

async function* events(
  ports: Ports,
  first: Task,
  wanted: Wanted,
  name: EventName,
): AsyncGenerator<Uint8Array | null, void> {
  const limitMs = first.deadlineAt + AFTER_DEADLINE_MS - ports.now()
  const sent = new Set<number>()
  let task = first
  yield encoder.encode(`: ${task.id}\n\n`)
  for await (task of follow(ports, first, limitMs)) {
    const news = (await picturesOf(ports, task)).filter(({ index }) => !sent.has(index))
    for (const picture of news) {
      sent.add(picture.index)
      yield* pictureEvent(ports, task, wanted, name, picture)
    }
    // Proxies cut a connection that is silent for longer than a while.
    if (news.length === 0 && !isTerminal(task)) yield encoder.encode(': waiting\n\n')
  }
  if (task.status === 'succeeded' && sent.size > 0) return
  const failure = failureOf(task.id, await taskJson(ports.settings, task, ports.now()))
  const data = JSON.stringify({ type: 'error', ...openAiErrorJson(failure) })
  yield encoder.encode(`event: error\ndata: ${data}\n\n`)
}

async function* pictureEvent(
  { bucket }: Ports,
  task: Task,
  wanted: Wanted,
  name: EventName,
  picture: MadePicture,
): AsyncGenerator<Uint8Array | null, void> {
  const { url, size, format } = picture
  const fields = {
    type: name,
    created_at: Math.floor(picture.storedAt / 1000),
    task_id: task.id,
    url,
    output_format: format,
    ...(size === null ? {} : { size }),
    quality: wanted.quality ?? 'auto',
    background: wanted.background ?? 'auto',
  }
  yield encoder.encode(`event: ${name}\ndata: `)
  yield* new PictureObject(fields, picture, wanted).pieces(bucket)
  yield encoder.encode('\n\n')
}
