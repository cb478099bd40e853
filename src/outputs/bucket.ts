/**
 * Pictures in R2.
 *
 * Invariant: an object under an output key is a whole picture: as long as its sender said, or where
 * it did not say, ending as its own format does. That is why a repeat may adopt what it finds.
 */
import { isWhole, pictureSize, TAIL_BYTES } from '../core/picture'
import { toHex } from '../core/signature'
import type { Picture } from '../core/task'
import { HEAD_BYTES, readHead } from './head'
import { putInParts } from './parts'

export type StoredPicture = Omit<Picture, 'storedAt'>

/** A picture on its way in. */
export interface IncomingPicture {
  contentType: string
  head: Uint8Array
  body: ReadableStream<Uint8Array>
  /** Null when the sender did not say. */
  length: number | null
  /** Judged by its own end even where its length is known: it may have been cut off before. */
  mustEndWell: boolean
}

/** A small picture is measured before its first byte is sent on; a larger one while it streams. */
const BUFFERED_BYTES_MAX = 1024 * 1024

export const OUTPUTS_PREFIX = 'outputs/'
export const UPLOADS_PREFIX = 'uploads/'

/** What the keys of a task's pictures begin with. */
export function outputsPrefix(taskId: string): string {
  return `${OUTPUTS_PREFIX}${taskId}/`
}

export function outputKey(taskId: string, attemptId: string, index: number): string {
  return `${outputsPrefix(taskId)}${attemptId}/${index}`
}

/** The task whose picture lies under an output key. */
export function taskIdOf(key: string): string {
  return key.split('/')[1] ?? ''
}

export function uploadKey(uploadId: string): string {
  return UPLOADS_PREFIX + uploadId
}

/** Why a picture was not taken. */
export type PictureFault = 'too_large' | 'cut_off'

/**
 * Puts a picture into the bucket while hashing it.
 *
 * @param customMetadata kept beside the object
 */
export async function storePicture(
  bucket: R2Bucket,
  key: string,
  picture: IncomingPicture,
  bytesMax: number,
  customMetadata: Record<string, string> = {},
): Promise<StoredPicture | PictureFault> {
  const { contentType, head, body, length, mustEndWell } = picture
  const isJudged = mustEndWell || length === null
  const meter = new Meter(
    bytesMax,
    (tail, bytes) => bytes === (length ?? bytes) && (!isJudged || isWhole(head, tail, bytes)),
  )
  const metered = body.pipeThrough(meter.stream)
  try {
    const options = { httpMetadata: { contentType }, customMetadata }
    if (length === null) {
      await putInParts(bucket, key, metered, options)
    } else if (length <= BUFFERED_BYTES_MAX) {
      await bucket.put(key, await new Response(metered).arrayBuffer(), options)
    } else {
      // R2 wants to know the length before the first byte.
      await bucket.put(key, metered.pipeThrough(new FixedLengthStream(length)), options)
    }
  } catch (error) {
    if (meter.fault) return meter.fault
    throw error
  }
  return { contentType, bytes: meter.bytes, sha256: await meter.sha256(), ...pictureSize(head) }
}

/** The facts of a picture that an earlier run already stored, or null. */
export async function adoptPicture(bucket: R2Bucket, key: string): Promise<StoredPicture | null> {
  const object = await bucket.get(key)
  if (!object) return null
  const { head, stream } = await readHead(object.body, HEAD_BYTES)
  const meter = new Meter(Number.POSITIVE_INFINITY, () => true)
  await stream.pipeThrough(meter.stream).pipeTo(new WritableStream())
  const contentType = object.httpMetadata?.contentType ?? 'application/octet-stream'
  return { contentType, bytes: meter.bytes, sha256: await meter.sha256(), ...pictureSize(head) }
}

/** The last bytes of what came so far and a chunk that follows. */
function endOf(before: Uint8Array, chunk: Uint8Array): Uint8Array {
  const end = chunk.slice(-TAIL_BYTES)
  return end.byteLength === TAIL_BYTES
    ? end
    : new Uint8Array([...before, ...end].slice(-TAIL_BYTES))
}

/**
 * Counts and hashes what flows through; breaks off beyond the cap, or at an end too early.
 *
 * The last chunk is held back until the end is judged: R2 keeps an object once it has as many
 * bytes as were promised, even if the stream fails after them.
 */
class Meter {
  bytes = 0
  fault: PictureFault | null = null
  readonly stream: TransformStream<Uint8Array, Uint8Array>
  readonly #digest = new crypto.DigestStream('SHA-256')
  #tail: Uint8Array = new Uint8Array()
  #held: Uint8Array | null = null

  /** @param isComplete judges by the last bytes and the number of all. */
  constructor(bytesMax: number, isComplete: (tail: Uint8Array, bytes: number) => boolean) {
    const writer = this.#digest.getWriter()
    this.stream = new TransformStream({
      transform: async (chunk, controller) => {
        this.bytes += chunk.byteLength
        if (this.bytes > bytesMax) this.#breakOff('too_large')
        this.#tail = endOf(this.#tail, chunk)
        await writer.write(chunk)
        if (this.#held) controller.enqueue(this.#held)
        this.#held = chunk
      },
      flush: async (controller) => {
        await writer.close()
        if (!isComplete(this.#tail, this.bytes)) this.#breakOff('cut_off')
        if (this.#held) controller.enqueue(this.#held)
      },
    })
  }

  async sha256(): Promise<string> {
    return toHex(new Uint8Array(await this.#digest.digest))
  }

  #breakOff(fault: PictureFault): never {
    this.fault = fault
    throw new Error(fault)
  }
}
