/**
 * Base64 as it stands in a JSON string, decoded as it streams.
 *
 * Read leniently, for a paid picture must not be lost over its spelling: both alphabets, with and
 * without padding, white space, JSON's escapes and the percent signs of a `data:` URL.
 */
import type { PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import type { ByteReader, Bytes } from './byte-reader'

const WHITE_SPACE = 64
const PADDING = 65
const ESCAPE = 66
const INVALID = 255

/** What a byte stands for: six bits, or one of the above. */
const MEANINGS = new Uint8Array(256).fill(INVALID)
for (const [meaning, characters] of [
  [0, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'],
  [62, '-'],
  [63, '_'],
] as const) {
  for (let index = 0; index < characters.length; index++) {
    MEANINGS[characters.charCodeAt(index)] = meaning + index
  }
}
for (const character of ' \t\r\n\f') MEANINGS[character.charCodeAt(0)] = WHITE_SPACE
for (const character of '\\%') MEANINGS[character.charCodeAt(0)] = ESCAPE
MEANINGS['='.charCodeAt(0)] = PADDING

/** What a JSON escape of two characters stands for. */
const ESCAPED: Record<string, string> = {
  '\\/': '/',
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\f': '\f',
}

export class Base64Decoder {
  #bits = 0
  /** How many characters of the current group of four have come. */
  #characters = 0
  #padding = 0
  /** An escape that is not complete yet. */
  #escape = ''
  #output: Bytes = new Uint8Array()
  #bytes = 0

  /**
   * Decodes a piece of the text into `output`, which must have room for three bytes more than three
   * quarters of the piece.
   *
   * @returns how many bytes were written; null when it is not base64
   */
  decode(input: Uint8Array, output: Bytes): number | null {
    this.#output = output
    this.#bytes = 0
    let index = 0
    while (index < input.byteLength) {
      if (this.#characters === 0 && this.#padding === 0 && this.#escape === '') {
        index = this.#groups(input, index)
        if (index === input.byteLength) break
      }
      if (!this.#take(input[index] ?? 0)) return null
      index++
    }
    return this.#bytes
  }

  /** The bytes of a last group that is not full; null when the text can't end here. */
  finish(output: Bytes): number | null {
    if (this.#escape !== '' || this.#characters === 1) return null
    const bytes = Math.max(0, this.#characters - 1)
    const bits = this.#bits << (6 * (4 - this.#characters))
    for (let index = 0; index < bytes; index++) output[index] = bits >> (16 - 8 * index)
    return bytes
  }

  /** Decodes whole groups of four as long as nothing else comes. */
  #groups(input: Uint8Array, from: number): number {
    const output = this.#output
    let bytes = this.#bytes
    let index = from
    for (const last = input.byteLength - 4; index <= last; index += 4) {
      const first = MEANINGS[input[index] as number] as number
      const second = MEANINGS[input[index + 1] as number] as number
      const third = MEANINGS[input[index + 2] as number] as number
      const fourth = MEANINGS[input[index + 3] as number] as number
      if ((first | second | third | fourth) > 63) break
      output[bytes] = (first << 2) | (second >> 4)
      output[bytes + 1] = (second << 4) | (third >> 2)
      output[bytes + 2] = (third << 6) | fourth
      bytes += 3
    }
    this.#bytes = bytes
    return index
  }

  /** @returns whether it may stand here. */
  #take(byte: number): boolean {
    if (this.#escape !== '') return this.#takeEscaped(byte)
    const meaning = MEANINGS[byte] ?? INVALID
    if (meaning < 64) return this.#takeBits(meaning)
    if (meaning === WHITE_SPACE) return true
    if (meaning === ESCAPE) {
      this.#escape = String.fromCharCode(byte)
      return true
    }
    if (meaning !== PADDING) return false
    this.#padding++
    return this.#characters > 1 && this.#characters + this.#padding <= 4
  }

  #takeBits(bits: number): boolean {
    if (this.#padding > 0) return false
    this.#bits = (this.#bits << 6) | bits
    this.#characters++
    if (this.#characters === 4) {
      this.#output[this.#bytes] = this.#bits >> 16
      this.#output[this.#bytes + 1] = this.#bits >> 8
      this.#output[this.#bytes + 2] = this.#bits
      this.#bytes += 3
      this.#characters = 0
      this.#bits = 0
    }
    return true
  }

  #takeEscaped(byte: number): boolean {
    this.#escape += String.fromCharCode(byte)
    const escaped = this.#escape
    if (/^(?:\\u[\da-f]{0,3}|%[\da-f]?)$/i.test(escaped)) return true
    this.#escape = ''
    const isCode = /^(?:\\u[\da-f]{4}|%[\da-f]{2})$/i.test(escaped)
    const character = isCode
      ? String.fromCharCode(Number.parseInt(escaped.replace(/^\\u|^%/, ''), 16))
      : ESCAPED[escaped]
    const code = character?.charCodeAt(0) ?? 0
    return code !== 0 && MEANINGS[code] !== ESCAPE && this.#take(code)
  }
}

const PIECE_BYTES = 64 * 1024
/** Room for a piece decoded, and for what the piece before had left over. */
const DECODED_BYTES = (PIECE_BYTES / 4) * 3 + 3

/** Whether the text is base64. @param isWhole false if more of it may follow */
export function isBase64(text: Uint8Array, isWhole: boolean): boolean {
  const decoder = new Base64Decoder()
  const output = new Uint8Array(DECODED_BYTES)
  for (let start = 0; start < text.byteLength; start += PIECE_BYTES) {
    if (decoder.decode(text.subarray(start, start + PIECE_BYTES), output) === null) return false
  }
  return !isWhole || decoder.finish(output) !== null
}

/** Reads the bytes that the base64 of another reader stands for. */
export class Base64Reader implements ByteReader {
  readonly #source: ByteReader
  readonly #decoder = new Base64Decoder()
  readonly #decoded = new Uint8Array(DECODED_BYTES)
  #piece: Bytes = new Uint8Array(PIECE_BYTES)
  #rest: Uint8Array = new Uint8Array()
  #isFinished = false

  constructor(source: ByteReader) {
    this.#source = source
  }

  async read(buffer: Bytes): Promise<Result<Bytes, PictureFault>> {
    let filled = 0
    while (filled < buffer.byteLength) {
      if (this.#rest.byteLength === 0) {
        if (this.#isFinished) break
        const fault = await this.#decode()
        if (fault) return refuse(fault)
        continue
      }
      const bytes = this.#rest.subarray(0, buffer.byteLength - filled)
      buffer.set(bytes, filled)
      filled += bytes.byteLength
      this.#rest = this.#rest.subarray(bytes.byteLength)
    }
    return success(buffer.subarray(0, filled))
  }

  cancel(): Promise<void> {
    return this.#source.cancel()
  }

  async #decode(): Promise<PictureFault | null> {
    const piece = await this.#source.read(this.#piece)
    if (!piece.ok) return piece.refusal
    this.#isFinished = piece.value.byteLength === 0
    const bytes = this.#isFinished
      ? this.#decoder.finish(this.#decoded)
      : this.#decoder.decode(piece.value, this.#decoded)
    if (bytes === null) return { kind: 'not_base64' }
    this.#piece = new Uint8Array(piece.value.buffer, 0, PIECE_BYTES)
    this.#rest = this.#decoded.subarray(0, bytes)
    return null
  }
}
