/**
 * Pictures in R2.
 *
 * Invariant: a repeat adopts what it finds under an output key, if it is whole. R2 keeps an object
 * only once all promised bytes arrived, and the picture itself tells whether those were all.
 */
import { isWhole, pictureSize, TAIL_BYTES } from '../core/picture'
import { toHex } from '../core/signature'
import type { Picture } from '../core/task'
import { HEAD_BYTES, readHead } from './head'

export type StoredPicture = Omit<Picture, 'storedAt'>

/** A picture on its way in; `length` is null when the sender did not say. */
export interface IncomingPicture {
  contentType: string
  head: Uint8Array
  body: ReadableStream<Uint8Array>
  length: number | null
}

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
  const { contentType, head, length } = picture
  const meter = new Meter(bytesMax)
  const metered = picture.body.pipeThrough(meter.stream)
  try {
    const options = { httpMetadata: { contentType }, customMetadata }
    if (length === null) {
      await bucket.put(key, await new Response(metered).arrayBuffer(), options)
    } else {
      // R2 wants to know the length before the first byte.
      await bucket.put(key, metered.pipeThrough(new FixedLengthStream(length)), options)
    }
  } catch (error) {
    if (meter.isOverflown) return 'too_large'
    throw error
  }
  if (!meter.isWhole(head)) {
    await bucket.delete(key)
    return 'cut_off'
  }
  return { contentType, bytes: meter.bytes, sha256: await meter.sha256(), ...pictureSize(head) }
}

/** The facts of a whole picture that an earlier run already stored, or null. */
export async function adoptPicture(bucket: R2Bucket, key: string): Promise<StoredPicture | null> {
  const object = await bucket.get(key)
  if (!object) return null
  const { head, stream } = await readHead(object.body, HEAD_BYTES)
  const meter = new Meter(Number.POSITIVE_INFINITY)
  await stream.pipeThrough(meter.stream).pipeTo(new WritableStream())
  if (!meter.isWhole(head)) return null
  const contentType = object.httpMetadata?.contentType ?? 'application/octet-stream'
  return { contentType, bytes: meter.bytes, sha256: await meter.sha256(), ...pictureSize(head) }
}

/** Counts and hashes what flows through, breaks off beyond the cap, and remembers the end. */
class Meter {
  bytes = 0
  isOverflown = false
  readonly stream: TransformStream<Uint8Array, Uint8Array>
  readonly #digest = new crypto.DigestStream('SHA-256')
  #tail = new Uint8Array()

  constructor(bytesMax: number) {
    const writer = this.#digest.getWriter()
    this.stream = new TransformStream({
      transform: async (chunk, controller) => {
        this.bytes += chunk.byteLength
        this.isOverflown = this.bytes > bytesMax
        if (this.isOverflown) throw new Error('The picture is larger than the cap.')
        this.#tail = new Uint8Array([...this.#tail, ...chunk.slice(-TAIL_BYTES)].slice(-TAIL_BYTES))
        await writer.write(chunk)
        controller.enqueue(chunk)
      },
      flush: () => writer.close(),
    })
  }

  /** Whether what flowed through ends where its first bytes say that it should. */
  isWhole(head: Uint8Array): boolean {
    return isWhole(head, this.#tail, this.bytes)
  }

  async sha256(): Promise<string> {
    return toHex(new Uint8Array(await this.#digest.digest))
  }
}
