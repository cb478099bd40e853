/**
 * Cuts pictures out of a JSON text as it streams by.
 *
 * A provider may send a picture inside its answer, as base64: tens of megabytes in one string, which
 * must never be in memory at once. What is left is a small text, in which the n-th picture stands as
 * the address `answer:<n>`; where it lies in the original is noted.
 *
 * Invariant: whatever is no picture stays as it was, byte for byte but for runs of white space
 * between tokens, so the small text is valid JSON exactly when the original is.
 */
import type { PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import { isBase64 } from './base64'

/** Where the base64 of a picture lies in an answer, in bytes, between its quotes. */
export interface EmbeddedRange {
  offset: number
  length: number
}

/** What is left of an answer without its pictures may have at most this. */
export const ANSWER_TEXT_BYTES_MAX = 1024 * 1024
/** A longer string that is base64 from end to end is a picture whatever its name is. */
const ANY_NAME_BYTES_MIN = 64 * 1024
/** A string is judged whole up to here; a longer one can't be a part of the text any more. */
const JUDGED_BYTES_MAX = ANSWER_TEXT_BYTES_MAX + ANY_NAME_BYTES_MIN
/** Longer than the part of any `data:` URL before its comma. */
const DATA_PREFIX_BYTES_MAX = 512

/** Names under which a base64 string of any length is a picture, in small letters without `_`. */
const PICTURE_NAMES: readonly string[] = ['b64json', 'b64', 'base64', 'imagebase64']

export const ANSWER_ADDRESS = /^answer:(\d+)$/

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b)

interface Container {
  isObject: boolean
  /** The name of the value that comes next; of an array, the one that the array has. */
  name: string
}

/** Between tokens, in a string that may be text, or in one that is a picture for sure. */
type Position = 'between' | 'string' | 'picture'

export class AnswerCutter {
  /** The pictures that were found so far, in their order. */
  readonly embedded: EmbeddedRange[] = []
  #fault: PictureFault | null = null
  #text = new Uint8Array(4096)
  #bytes = 0
  #position: Position = 'between'
  #isEscaped = false
  #isName = false
  readonly #containers: Container[] = []
  /** Bytes of the original before the current chunk. */
  #before = 0
  /** Where the content of the current string begins, in the text and in the original. */
  #textStart = 0
  #start = 0

  /** @returns whether it makes sense to go on. */
  write(chunk: Uint8Array): boolean {
    let index = 0
    while (index < chunk.byteLength && !this.#fault) {
      index = this.#position === 'between' ? this.#token(chunk, index) : this.#string(chunk, index)
    }
    this.#before += chunk.byteLength
    return !this.#fault
  }

  /** The text that is left, once all has been written. */
  finish(): Result<string, PictureFault> {
    if (this.#fault) return refuse(this.#fault)
    if (this.#position !== 'between') return refuse({ kind: 'cut_off' })
    if (this.#bytes > ANSWER_TEXT_BYTES_MAX) return refuse(TOO_LARGE)
    return success(new TextDecoder().decode(this.#text.subarray(0, this.#bytes)))
  }

  /** Takes one byte outside of strings. */
  #token(chunk: Uint8Array, index: number): number {
    const byte = chunk[index] ?? 0
    const container = this.#containers.at(-1)
    if (isSpace(byte)) {
      const last = this.#text[this.#bytes - 1] ?? 0
      if (this.#bytes === 0 || isSpace(last)) return index + 1
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const isObject = byte === OPEN_OBJECT
      this.#containers.push({ isObject, name: isObject ? '' : (container?.name ?? '') })
      this.#isName = isObject
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      this.#containers.pop()
      this.#isName = false
    } else if (byte === COMMA) {
      this.#isName = container?.isObject ?? false
    } else if (byte === QUOTE) {
      this.#position = 'string'
      this.#textStart = this.#bytes + 1
      this.#start = this.#before + index + 1
    }
    this.#keep(chunk.subarray(index, index + 1))
    return index + 1
  }

  /** Takes what the chunk has of a string, with the quote that ends it. */
  #string(chunk: Uint8Array, from: number): number {
    let index = from
    for (; index < chunk.byteLength; index++) {
      if (this.#isEscaped) this.#isEscaped = false
      else if (chunk[index] === BACKSLASH) this.#isEscaped = true
      else if (chunk[index] === QUOTE) break
    }
    if (this.#position === 'string') this.#keep(chunk.subarray(from, index))
    // A string that outgrows the text is a picture, if it is like one so far.
    if (this.#bytes > JUDGED_BYTES_MAX && !this.#judge(false)) this.#fault = TOO_LARGE
    if (index === chunk.byteLength || this.#fault) return index
    this.#end(this.#before + index)
    return index + 1
  }

  /** @param end of the string's content, in the original */
  #end(end: number): void {
    if (this.#isName) {
      const container = this.#containers.at(-1)
      if (container) container.name = readName(this.#content())
      this.#isName = false
    } else if (this.#position === 'picture' || this.#judge(true)) {
      const picture = this.embedded.at(-1)
      if (picture) picture.length = end - picture.offset
    }
    this.#position = 'between'
    this.#keep(Uint8Array.of(QUOTE))
  }

  /** Whether the string in the text is a picture; then its address takes its place. */
  #judge(isWhole: boolean): boolean {
    if (this.#isName) return false
    const content = this.#content()
    const prefixBytes = dataPrefixBytes(content)
    if (prefixBytes === 0 && !this.#isBareBase64(content, isWhole)) return false
    this.#bytes = this.#textStart
    this.#keep(new TextEncoder().encode(`answer:${this.embedded.length}`))
    this.embedded.push({ offset: this.#start + prefixBytes, length: 0 })
    this.#position = 'picture'
    return true
  }

  #isBareBase64(content: Uint8Array, isWhole: boolean): boolean {
    const name = this.#containers.at(-1)?.name ?? ''
    const isNamed = PICTURE_NAMES.includes(name) && content.byteLength > 0
    if (!isNamed && content.byteLength <= ANY_NAME_BYTES_MIN) return false
    return isBase64(content, isWhole)
  }

  #content(): Uint8Array {
    return this.#text.subarray(this.#textStart, this.#bytes)
  }

  #keep(bytes: Uint8Array): void {
    const needed = this.#bytes + bytes.byteLength
    if (needed > this.#text.byteLength) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#text.byteLength))
      grown.set(this.#text.subarray(0, this.#bytes))
      this.#text = grown
    }
    this.#text.set(bytes, this.#bytes)
    this.#bytes = needed
    if (this.#position === 'between' && needed > JUDGED_BYTES_MAX) this.#fault = TOO_LARGE
  }
}

const TOO_LARGE: PictureFault = { kind: 'too_large', bytesMax: ANSWER_TEXT_BYTES_MAX }

/** How many bytes stand before the base64 of a `data:` URL; 0 if the string is none. */
function dataPrefixBytes(content: Uint8Array): number {
  const end = content.subarray(0, DATA_PREFIX_BYTES_MAX).indexOf(COMMA) + 1
  const prefix = unescaped(content.subarray(0, end))
  return /^\s*data:[^,]*;\s*base64\s*,$/i.test(prefix) ? end : 0
}

function readName(content: Uint8Array): string {
  return unescaped(content).toLowerCase().replaceAll('_', '')
}

/** The text of a JSON string's content; empty where it is not valid. */
function unescaped(content: Uint8Array): string {
  const text = new TextDecoder().decode(content)
  if (!text.includes('\\')) return text
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return ''
  }
}
