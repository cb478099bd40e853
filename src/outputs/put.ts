/**
 * Putting bytes into the bucket as they come, with little of them in memory at a time.
 *
 * Invariant: the object appears with its last byte, and only if whoever inspects the bytes agrees.
 * If the source fails before, nothing appears.
 */
import type { PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import type { ByteReader, Bytes } from './byte-reader'
import { CHUNK_BYTES, Pieces } from './pieces'
import { Places } from './places'

/** Sees every byte before it is sent on. A fault ends it all. */
export interface Inspector {
  add(chunk: Bytes): Promise<PictureFault | null>
  finish(): Promise<PictureFault | null>
}

export interface IncomingBytes {
  /** The first of them, which were read already. */
  first: Bytes
  rest: ByteReader
  /** Null when the sender did not say. */
  length: number | null
}

type PutOptions = Pick<R2PutOptions & R2MultipartOptions, 'httpMetadata' | 'customMetadata'>

/** What has less than this, or is said to have no more, is held whole; it waits for no place. */
const WHOLE_BYTES_MAX = 1024 * 1024
/** R2 wants all parts but the last to be of one size, and this is the smallest. */
export const PART_BYTES = 5 * 1024 * 1024
/** How many parts one kind of bytes may hold in memory at once. */
const PARTS_AT_ONCE = 3

/**
 * Puts bytes under a key.
 *
 * @param signal ends the wait for a place
 * @throws when the bucket fails
 */
export async function putBytes(
  bucket: R2Bucket,
  key: string,
  bytes: IncomingBytes,
  inspector: Inspector,
  options: PutOptions,
  signal?: AbortSignal,
): Promise<Result<void, PictureFault>> {
  const put = new Put(bucket, key, inspector, options)
  let isStored = false
  try {
    const ended = await put.run(bytes, signal)
    isStored = ended.ok
    return ended
  } finally {
    if (!isStored) await bytes.rest.cancel()
  }
}

class Put {
  readonly #bucket: R2Bucket
  readonly #key: string
  readonly #inspector: Inspector
  readonly #options: PutOptions

  constructor(bucket: R2Bucket, key: string, inspector: Inspector, options: PutOptions) {
    this.#bucket = bucket
    this.#key = key
    this.#inspector = inspector
    this.#options = options
  }

  async run(bytes: IncomingBytes, signal?: AbortSignal): Promise<Result<void, PictureFault>> {
    const { first, rest, length } = bytes
    const fault = await this.#inspector.add(first)
    if (fault) return refuse(fault)
    if (length !== null && length > WHOLE_BYTES_MAX) return this.#stream(first, rest, length)

    const pieces = new Pieces(first)
    const filled = await this.#fill(pieces, length === null ? WHOLE_BYTES_MAX : length + 1, rest)
    if (!filled.ok) return filled
    return filled.value ? this.#parts(pieces, rest, signal) : this.#whole(pieces)
  }

  /** R2 wants to know the length before the first byte. */
  async #stream(
    first: Bytes,
    rest: ByteReader,
    length: number,
  ): Promise<Result<void, PictureFault>> {
    const { readable, writable } = new FixedLengthStream(length)
    const writer = writable.getWriter()
    const stored = this.#bucket.put(this.#key, readable, this.#options)
    const pumped = this.#pump(first, rest, writer)
    // When the bucket fails, so does the pump, sooner or later; the bucket is what is heard.
    pumped.catch(() => undefined)
    const fault = await Promise.race([pumped, stored.then(() => pumped)])
    if (fault) {
      await writer.abort(new Error(fault.kind)).catch(() => undefined)
      await stored.catch(() => undefined)
      return refuse(fault)
    }
    await stored
    return success(undefined)
  }

  /**
   * The last chunk is held back until all is inspected: R2 keeps an object once it has as many bytes
   * as were promised, even if the stream fails after them.
   */
  async #pump(
    first: Bytes,
    rest: ByteReader,
    writer: WritableStreamDefaultWriter<Uint8Array>,
  ): Promise<PictureFault | null> {
    let held = first
    let spare = new Uint8Array(CHUNK_BYTES)
    for (;;) {
      const chunk = await rest.read(spare)
      if (!chunk.ok) return chunk.refusal
      if (chunk.value.byteLength === 0) break
      const [fault] = await Promise.all([this.#inspector.add(chunk.value), writer.write(held)])
      if (fault) return fault
      spare = held === first ? new Uint8Array(CHUNK_BYTES) : new Uint8Array(held.buffer)
      held = chunk.value
    }
    const fault = await this.#inspector.finish()
    if (fault) return fault
    await writer.write(held)
    await writer.close()
    return null
  }

  async #whole(pieces: Pieces): Promise<Result<void, PictureFault>> {
    const fault = await this.#inspector.finish()
    if (fault) return refuse(fault)
    await pieces.send((bytes) => this.#bucket.put(this.#key, bytes, this.#options))
    return success(undefined)
  }

  /** One part's memory is used for all of them: R2 lets go of it when it has answered. */
  async #parts(
    pieces: Pieces,
    rest: ByteReader,
    signal?: AbortSignal,
  ): Promise<Result<void, PictureFault>> {
    const place = await placesFor(this.#bucket, this.#key).take(signal)
    let upload: R2MultipartUpload | null = null
    let isComplete = false
    try {
      const uploaded: R2UploadedPart[] = []
      for (;;) {
        const filled = await this.#fill(pieces, PART_BYTES, rest, place.keep)
        if (!filled.ok) return filled
        const isLast = !filled.value
        if (isLast && !upload) return await this.#whole(pieces)
        upload ??= await this.#bucket.createMultipartUpload(this.#key, this.#options)
        if (pieces.byteLength > 0) {
          uploaded.push(await sendPart(upload, uploaded.length + 1, pieces))
          place.keep()
        }
        if (isLast) break
      }
      const fault = await this.#inspector.finish()
      if (fault) return refuse(fault)
      await upload.complete(uploaded)
      isComplete = true
      return success(undefined)
    } finally {
      place.leave()
      // R2 forgets by itself, after a week, what can't be aborted now.
      if (!isComplete) await upload?.abort().catch(() => undefined)
    }
  }

  /** Goes on until so many bytes are held, or until the end. @returns whether there are so many */
  async #fill(
    pieces: Pieces,
    bytesMax: number,
    rest: ByteReader,
    onProgress: () => void = () => undefined,
  ): Promise<Result<boolean, PictureFault>> {
    while (pieces.byteLength < bytesMax) {
      const memory = pieces.memory(bytesMax - pieces.byteLength)
      const bytesWanted = memory.byteLength
      const chunk = await rest.read(memory)
      if (!chunk.ok) return chunk
      const fault = await this.#inspector.add(chunk.value)
      if (fault) return refuse(fault)
      if (chunk.value.byteLength > 0) pieces.add(chunk.value)
      onProgress()
      if (chunk.value.byteLength < bytesWanted) return success(false)
    }
    return success(true)
  }
}

function sendPart(
  upload: R2MultipartUpload,
  number: number,
  pieces: Pieces,
): Promise<R2UploadedPart> {
  return pieces.send((bytes) => upload.uploadPart(number, bytes))
}

/**
 * Places are counted by what the bytes are for, so that clients whose uploads are slow never hold
 * up pictures that are paid for.
 */
const placesByBucket = new WeakMap<R2Bucket, Map<string, Places>>()

function placesFor(bucket: R2Bucket, key: string): Places {
  const byKind = placesByBucket.get(bucket) ?? new Map<string, Places>()
  placesByBucket.set(bucket, byKind)
  const kind = key.slice(0, key.indexOf('/') + 1)
  const places = byKind.get(kind) ?? new Places(PARTS_AT_ONCE)
  byKind.set(kind, places)
  return places
}
