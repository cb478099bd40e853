/**
 * Bytes that are held in memory until they are sent, in pieces.
 *
 * In pieces, because there is no more memory than there are bytes, and because of what R2's interface is
 * handed as a whole it makes a copy.
 */
import type { Bytes } from './byte-reader'

/** Read at a time. Larger ones were not faster, smaller ones were slower. */
export const CHUNK_BYTES = 256 * 1024

export class Pieces {
  readonly #first: Bytes
  #pieces: Bytes[]
  readonly #spare: Bytes[] = []
  byteLength: number

  /** @param first stays its owner's: its memory is not written to */
  constructor(first: Bytes) {
    this.#first = first
    this.#pieces = [first]
    this.byteLength = first.byteLength
  }

  /** Memory for what comes next, of at most so many bytes. */
  memory(bytesMax: number): Bytes {
    const spare = this.#spare.pop() ?? new Uint8Array(Math.min(CHUNK_BYTES, bytesMax))
    return spare.subarray(0, bytesMax)
  }

  add(piece: Bytes): void {
    this.#pieces.push(piece)
    this.byteLength += piece.byteLength
  }

  /**
   * Sends all of them, after which none is held and their memory is for the next ones.
   *
   * @throws what `take` throws
   */
  async send<T>(take: (bytes: Bytes | ReadableStream<Uint8Array>) => Promise<T>): Promise<T> {
    const [only = new Uint8Array(), ...more] = this.#pieces
    const taken = more.length === 0 ? await take(only) : await this.#stream(take)
    const own = this.#pieces.filter((piece) => piece !== this.#first)
    this.#spare.push(...own.map(({ buffer }) => new Uint8Array(buffer)))
    this.#pieces = []
    this.byteLength = 0
    return taken
  }

  /** R2 wants to know the length before the first byte. */
  async #stream<T>(take: (bytes: ReadableStream<Uint8Array>) => Promise<T>): Promise<T> {
    const { readable, writable } = new FixedLengthStream(this.byteLength)
    const taking = take(readable)
    const written = this.#write(writable.getWriter())
    // When the bucket fails, so does the writing, sooner or later; the bucket is what is heard.
    written.catch(() => undefined)
    const taken = await taking
    await written
    return taken
  }

  async #write(writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
    for (const piece of this.#pieces) await writer.write(piece)
    await writer.close()
  }
}
