/** A kept picture as OpenAI writes it, ready to be written as a stream. */
import { storedOutputs, type Task } from '../../../core/task'
import type { Ports } from '../../../flow/ports'
import { taskJson } from '../../../flow/task-json'
import { base64Length, base64Of } from '../../../outputs/base64-text'
import { outputKey } from '../../../outputs/bucket'
import { readerOf } from '../../../outputs/byte-reader'
import type { Wanted } from './fields'

export interface MadePicture {
  index: number
  /** Where it lies in the bucket. */
  key: string
  bytes: number
  url: string
  format: string
  /** In pixels; null where it does not tell. */
  size: string | null
  storedAt: number
}

/** The pictures of a task that are there, in their order. */
export async function picturesOf(ports: Ports, task: Task): Promise<MadePicture[]> {
  const { outputs } = await taskJson(ports.settings, task, ports.now())
  return storedOutputs(task).flatMap(({ index, attemptId, picture }) => {
    const output = outputs.find((candidate) => candidate.index === index)
    if (!output) return []
    const { url, bytes, width, height, content_type } = output
    return {
      index,
      key: outputKey(task.id, attemptId, index),
      bytes,
      url,
      format: content_type.replace('image/', ''),
      size: width === null || height === null ? null : `${width}x${height}`,
      storedAt: picture.storedAt,
    }
  })
}

/** A JSON object: its fields as they are, and the base64 of a picture as the last one. */
export class PictureObject {
  readonly #start: Uint8Array
  readonly #end: Uint8Array
  readonly #picture: MadePicture | null

  constructor(fields: object, picture: MadePicture, { response_format }: Wanted) {
    const text = JSON.stringify(fields)
    const encoder = new TextEncoder()
    this.#picture = response_format === 'url' ? null : picture
    this.#start = encoder.encode(this.#picture ? `${text.slice(0, -1)},"b64_json":"` : text)
    this.#end = encoder.encode(this.#picture ? '"}' : '')
  }

  /** In bytes. */
  get length(): number {
    const base64 = this.#picture ? base64Length(this.#picture.bytes) : 0
    return this.#start.byteLength + base64 + this.#end.byteLength
  }

  /** Null where the bucket has it no more, or breaks off. */
  async *pieces(bucket: R2Bucket): AsyncGenerator<Uint8Array | null, void> {
    yield this.#start
    if (this.#picture) {
      const object = await bucket.get(this.#picture.key)
      if (object) yield* base64Of(readerOf(object.body))
      else yield null
    }
    yield this.#end
  }
}
