/**
 * The answer of an image request: held until its task is over, then written as a stream.
 *
 * Invariant: no status is decided before it is known, and at no time is a picture whole in memory.
 */
import * as z from 'zod'
import type { Task } from '../../../core/task'
import type { Accepted } from '../../../flow/accept'
import { noteAnswer } from '../../../flow/join'
import type { Ports } from '../../../flow/ports'
import { taskJson } from '../../../flow/task-json'
import { untilOver } from '../../../flow/wait'
import { streamOf } from '../../../outputs/piece-stream'
import { stream } from '../../endpoint/answer'
import type { ApiError } from '../../errors'
import { TASK_ID } from '../../tasks/examples'
import type { TASK_FAILURES } from '../task-errors'
import { EVENT_STREAM, type EventName, eventStream } from './events'
import type { Wanted } from './fields'
import { PictureObject, picturesOf } from './picture'
import { AFTER_DEADLINE_MS, failureOf } from './task'

const JSON_TYPE = 'application/json'

const imagesSchema = z
  .strictObject({
    created: z.int().describe('When the task was over, in seconds since 1970.'),
    task_id: z.string().describe('The task behind the request, for `GET /v1/tasks/{id}`.'),
    output_format: z.string().optional().describe('What the first picture really is.'),
    size: z.string().optional().describe('Of the first picture, in pixels.'),
    data: z
      .array(
        z.strictObject({
          url: z.url().describe('Signed: whoever has it may fetch the picture until it expires.'),
          b64_json: z
            .string()
            .describe('The picture itself. Not with `response_format: "url"`.')
            .optional(),
        }),
      )
      .describe('The pictures. Where only some could be made, those.'),
  })
  .meta({ id: 'OpenAiImages', description: 'Pictures, as OpenAI gives them.' })

const shownUrl = `https://gateway.example.com/v1/tasks/${TASK_ID}/outputs/0?expires=1795334405&signature=…`
const shown: z.output<typeof imagesSchema> = {
  created: 1_795_248_005,
  task_id: TASK_ID,
  output_format: 'png',
  size: '1024x768',
  data: [{ url: shownUrl, b64_json: 'iVBORw0KGgo…' }],
}

/** @param event what a finished picture is called in a stream */
export function imagesAnswer(event: EventName) {
  return stream([JSON_TYPE, EVENT_STREAM], 'The pictures; with `stream: true` as events.', {
    json: { schema: imagesSchema, example: shown },
    example: `event: ${event}\ndata: {"type":"${event}","task_id":"${TASK_ID}","b64_json":"iVBORw0KGgo…"}\n\n`,
    headers: ['Idempotent-Replayed', 'Cache-Control', 'X-Accel-Buffering'],
  })
}

interface GivenImages {
  status: 200
  mediaType: string
  body: ReadableStream<Uint8Array>
  headers: Partial<Record<'Idempotent-Replayed' | 'Cache-Control' | 'X-Accel-Buffering', string>>
}

/** @param signal ends when the client goes away */
export async function answerWith(
  ports: Ports,
  { task, isReplay }: Accepted,
  wanted: Wanted,
  event: EventName,
  signal: AbortSignal,
): Promise<GivenImages | ApiError<(typeof TASK_FAILURES)[number]>> {
  const leave = noteAnswer(ports, task.id)
  signal.addEventListener('abort', leave, { once: true })
  const replayed = isReplay ? { 'Idempotent-Replayed': 'true' } : {}
  if (wanted.stream) {
    const headers = { ...replayed, 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' }
    const body = eventStream(ports, task, wanted, event, leave)
    return { status: 200, mediaType: EVENT_STREAM, body, headers }
  }
  const body = await imagesStream(ports, task, wanted, leave).catch(() => failureOf(task.id, null))
  if (!(body instanceof ReadableStream)) return body
  const headers = { ...replayed, 'Cache-Control': 'no-store' }
  return { status: 200, mediaType: JSON_TYPE, body, headers }
}

async function imagesStream(
  ports: Ports,
  task: Task,
  wanted: Wanted,
  leave: () => void,
): Promise<ReadableStream<Uint8Array> | ApiError<(typeof TASK_FAILURES)[number]>> {
  const waitMs = Math.max(0, task.deadlineAt - ports.now()) + AFTER_DEADLINE_MS
  const over = await untilOver(ports, task, waitMs / 1000)
  const pictures = await picturesOf(ports, over)
  const kept = await Promise.all(pictures.map(({ key }) => ports.bucket.head(key)))
  const [first] = pictures
  if (!first || kept.includes(null))
    return failureOf(task.id, await taskJson(ports.settings, over, ports.now()))

  const { format, size } = first
  const facts = { output_format: format, ...(size === null ? {} : { size }) }
  const created = Math.floor((over.completedAt ?? ports.now()) / 1000)
  const start = JSON.stringify({ created, task_id: task.id, ...facts })
  const objects = pictures.map(
    (picture) => new PictureObject({ url: picture.url }, picture, wanted),
  )
  const texts = [`${start.slice(0, -1)},"data":[`, ...objects.slice(1).map(() => ','), ']}']
  const length = [...texts, ...objects].reduce((sum, part) => sum + part.length, 0)
  // With its length, an answer that breaks off can't be taken for whole.
  const whole = new FixedLengthStream(length)
  const pieces = imagesPieces(ports.bucket, texts, objects)
  void streamOf(pieces, leave)
    .pipeTo(whole.writable)
    .catch(() => undefined)
  return whole.readable
}

/** A text, then an object, and so on, and a text at the end. */
async function* imagesPieces(
  bucket: R2Bucket,
  texts: readonly string[],
  objects: readonly PictureObject[],
): AsyncGenerator<Uint8Array | null, void> {
  const encoder = new TextEncoder()
  for (const [index, text] of texts.entries()) {
    yield encoder.encode(text)
    const object = objects[index]
    if (object) yield* object.pieces(bucket)
  }
}
