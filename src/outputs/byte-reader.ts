/**
 * Bytes as they come, read in pieces as large as the reader wants.
 *
 * A JavaScript stream hands over every small chunk by itself, and each hand-over costs more than
 * the bytes in it. A byte reader fills a whole buffer at once, in the runtime where it can.
 */
import type { PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'

export interface ByteReader {
  /**
   * Fills the buffer; what comes back is shorter only at the end, and empty after it.
   *
   * The buffer's memory moves into the answer: go on with the answer's `buffer`, which also keeps
   * what lies before and behind the bytes that were filled.
   */
  read(buffer: Bytes): Promise<Result<Bytes, PictureFault>>
  /** Nothing more is wanted. */
  cancel(): Promise<void>
}

/** Bytes in memory of their own, not shared between threads. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Reads a stream, which is locked by it. A failure of the stream is the fault `broken_off`. */
export function readerOf(stream: ReadableStream<Uint8Array>): ByteReader {
  try {
    return new NativeReader(stream.getReader({ mode: 'byob' }))
  } catch {
    // Only streams of the runtime, and byte streams, fill a buffer that is handed to them.
    return new ChunkReader(stream.getReader())
  }
}

/** Reads what is in memory already. */
export function readerOfBytes(bytes: Uint8Array): ByteReader {
  let position = 0
  return {
    async read(buffer) {
      const piece = bytes.subarray(position, position + buffer.byteLength)
      position += piece.byteLength
      buffer.set(piece)
      return success(buffer.subarray(0, piece.byteLength))
    },
    cancel: async () => undefined,
  }
}

/** The part of a BYOB reader in use, with the standard's option that the runtime's types leave out. */
interface FillingReader {
  read(view: Bytes, options: { min: number }): Promise<ReadableStreamReadResult<Bytes>>
  cancel(): Promise<void>
}

class NativeReader implements ByteReader {
  readonly #reader: FillingReader

  constructor(reader: FillingReader) {
    this.#reader = reader
  }

  async read(buffer: Bytes): Promise<Result<Bytes, PictureFault>> {
    try {
      const { value } = await this.#reader.read(buffer, { min: buffer.byteLength })
      return value ? success(value) : refuse({ kind: 'broken_off' })
    } catch {
      return refuse({ kind: 'broken_off' })
    }
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined)
  }
}

class ChunkReader implements ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #rest: Uint8Array = new Uint8Array()

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader
  }

  async read(buffer: Bytes): Promise<Result<Bytes, PictureFault>> {
    let filled = 0
    try {
      while (filled < buffer.byteLength) {
        if (this.#rest.byteLength === 0) {
          const { done, value } = await this.#reader.read()
          if (done) break
          this.#rest = value
        }
        const piece = this.#rest.subarray(0, buffer.byteLength - filled)
        buffer.set(piece, filled)
        filled += piece.byteLength
        this.#rest = this.#rest.subarray(piece.byteLength)
      }
    } catch {
      return refuse({ kind: 'broken_off' })
    }
    return success(buffer.subarray(0, filled))
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined)
  }
}
