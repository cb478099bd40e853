/**
 * Pictures in R2.
 *
 * Invariant: an object under an output key is a whole picture: as long as its sender said, or where
 * it did not say, ending as its own format does. That is why a repeat may adopt what it finds.
 */
import { hasContentCredentials, isWhole, pictureSize, TAIL_BYTES } from '../core/picture'
import type { PictureFault } from '../core/picture-fault'
import { type Result, success } from '../core/result'
import { toHex } from '../core/signature'
import type { Picture } from '../core/task'
import { type Bytes, readerOf } from './byte-reader'
import { HEAD_BYTES, type IncomingPicture } from './head'
import { type Inspector, putBytes } from './put'

export type StoredPicture = Omit<Picture, 'storedAt' | 'sizeMismatch'>

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

export interface StoreOptions {
  bytesMax: number
  /** Kept beside the object. */
  customMetadata?: Record<string, string>
  /** Ends the wait for memory; what is read must heed it by itself. */
  signal?: AbortSignal
}

/**
 * Puts a picture into the bucket while hashing it. On a fault nothing is kept.
 *
 * @throws when the bucket fails, or the signal ends the wait for memory
 */
export async function storePicture(
  bucket: R2Bucket,
  key: string,
  picture: IncomingPicture,
  { bytesMax, customMetadata = {}, signal }: StoreOptions,
): Promise<Result<StoredPicture, PictureFault>> {
  const { contentType, head, rest, length } = picture
  const meter = new Meter(picture, bytesMax)
  const bytes = { first: head, rest, length }
  const options = { httpMetadata: { contentType }, customMetadata }
  const put = await putBytes(bucket, key, bytes, meter, options, signal)
  if (!put.ok) return put
  return success(factsOf(contentType, head, meter.bytes, await meter.hash.sha256()))
}

/**
 * The facts of a picture that an earlier run already stored, or null.
 *
 * @throws when the bucket fails
 */
export async function adoptPicture(bucket: R2Bucket, key: string): Promise<StoredPicture | null> {
  const object = await bucket.get(key)
  if (!object) return null
  const reader = readerOf(object.body)
  const hash = new Hash()
  let head: Bytes | null = null
  let bytes = 0
  let spare: Bytes = new Uint8Array(HEAD_BYTES)
  for (;;) {
    const chunk = await reader.read(spare)
    if (!chunk.ok) throw new Error('The bucket broke off.')
    if (chunk.value.byteLength === 0) break
    bytes += chunk.value.byteLength
    await hash.add(chunk.value)
    spare = head ? new Uint8Array(chunk.value.buffer) : new Uint8Array(HEAD_BYTES)
    head ??= chunk.value
  }
  const contentType = object.httpMetadata?.contentType ?? 'application/octet-stream'
  return factsOf(contentType, head ?? new Uint8Array(), bytes, await hash.sha256())
}

function factsOf(contentType: string, head: Bytes, bytes: number, sha256: string): StoredPicture {
  const contentCredentials = hasContentCredentials(head)
  return { contentType, bytes, sha256, ...pictureSize(head), contentCredentials }
}

/** Counts and hashes; finds a fault beyond the cap, or at an end too early. */
class Meter implements Inspector {
  bytes = 0
  readonly hash = new Hash()
  readonly #picture: IncomingPicture
  readonly #bytesMax: number
  #tail: Uint8Array = new Uint8Array()

  constructor(picture: IncomingPicture, bytesMax: number) {
    this.#picture = picture
    this.#bytesMax = bytesMax
  }

  async add(chunk: Bytes): Promise<PictureFault | null> {
    this.bytes += chunk.byteLength
    if (this.bytes > this.#bytesMax) return { kind: 'too_large', bytesMax: this.#bytesMax }
    this.#tail = endOf(this.#tail, chunk)
    await this.hash.add(chunk)
    return null
  }

  async finish(): Promise<PictureFault | null> {
    return this.#isComplete() ? null : { kind: 'cut_off' }
  }

  #isComplete(): boolean {
    const { head, length, mustEndWell } = this.#picture
    if (this.bytes !== (length ?? this.bytes)) return false
    return !mustEndWell || isWhole(head, this.#tail, this.bytes)
  }
}

/** The last bytes of what came so far and a chunk that follows. */
function endOf(before: Uint8Array, chunk: Uint8Array): Uint8Array {
  const end = chunk.slice(-TAIL_BYTES)
  return end.byteLength === TAIL_BYTES
    ? end
    : new Uint8Array([...before, ...end].slice(-TAIL_BYTES))
}

class Hash {
  readonly #stream = new crypto.DigestStream('SHA-256')
  readonly #writer = this.#stream.getWriter()

  add(chunk: Uint8Array): Promise<void> {
    return this.#writer.write(chunk)
  }

  async sha256(): Promise<string> {
    await this.#writer.close()
    return toHex(new Uint8Array(await this.#stream.digest))
  }
}
