/**
 * A form with files (`multipart/form-data`), read part by part as it streams.
 *
 * The runtime's own `formData()` holds the whole form. Here no more of a file is in memory than one
 * piece. Invariant: a form that is cut off, malformed or beyond its caps ends in a fault, and what
 * was read of its last file ends in the same fault.
 */
import { decodeField, type MultipartError, make, type Parser, type PartInfo } from 'multipasta'
import { type Result, refuse, success } from '../core/result'
import { type ByteReader, type Bytes, readerOf } from './byte-reader'
import { headOf, type PartHead } from './form-part'

export type FormPart = FormText | FormFile

export interface FormText {
  kind: 'text'
  name: string
  text: string
}

export interface FormFile {
  kind: 'file'
  name: string
  filename: string
  /** As its sender says. */
  contentType: string
  /** Its bytes; whatever is unread is skipped when the next part is asked for. */
  body: ByteReader
}

export type FormFault =
  /** Its type names no boundary, or its parts are not those of a form. */
  { kind: 'not_a_form' } | { kind: 'too_many_parts'; partsMax: number } | StreamFault

/** What can also happen in the middle of a file. */
type StreamFault =
  | { kind: 'too_large'; bytesMax: number }
  | { kind: 'cut_off' }
  | { kind: 'broken_off' }

export interface FormCaps {
  /** Of the whole form. */
  bytesMax: number
  /** Of each part that is not a file. */
  textBytesMax: number
  partsMax: number
}

/** Read at a time. Smaller ones cost the process more memory, larger ones no less. */
export const PIECE_BYTES = 256 * 1024
/** A boundary has at most 70 characters. */
const CONTENT_TYPE_LENGTH_MAX = 256
/** More than the longest boundary, so that some of it is always parsed. */
const TAIL_BYTES = 512
const DASH = 0x2d

/**
 * The parts in their order. A fault is the last thing that comes.
 *
 * @param contentType the header, which names the boundary
 */
export async function* readForm(
  body: ReadableStream<Uint8Array>,
  contentType: string,
  caps: FormCaps,
): AsyncGenerator<Result<FormPart, FormFault>, void> {
  const reader = readerOf(body)
  if (contentType.length > CONTENT_TYPE_LENGTH_MAX) {
    await reader.cancel()
    yield refuse({ kind: 'not_a_form' })
    return
  }
  const form = new FormReader(reader, contentType, caps)
  try {
    for (;;) {
      const event = await form.next()
      if (!event.ok) {
        yield event
        return
      }
      const { value: part } = event
      if (part.kind === 'end') return
      if (part.kind === 'text') yield success(part)
      if (part.kind === 'file') yield success({ ...part, body: new FileReader(form) })
    }
  } finally {
    await form.cancel()
  }
}

type FormEvent =
  | FormText
  | Omit<FormFile, 'body'>
  | { kind: 'chunk'; bytes: Uint8Array }
  | { kind: 'file_end' }
  | { kind: 'end' }

class FormReader {
  readonly #reader: ByteReader
  readonly #caps: FormCaps
  readonly #parser: Parser
  readonly #events: FormEvent[] = []
  #memory: Bytes = new Uint8Array(PIECE_BYTES)
  #fault: FormFault | null = null
  #isEnded = false
  #bytes = 0
  #heldDashes: Uint8Array = new Uint8Array()

  constructor(reader: ByteReader, contentType: string, caps: FormCaps) {
    this.#reader = reader
    this.#caps = caps
    this.#parser = make({
      headers: { 'content-type': contentType },
      // Texts are collected here, since the parser would keep them without a copy.
      isFile: () => true,
      onField: () => undefined,
      maxParts: caps.partsMax,
      onFile: (info) => this.#part(info, headOf(info)),
      onError: (error) => this.#fail(faultOf(error, caps.partsMax)),
      onDone: () => this.#add({ kind: 'end' }),
    })
  }

  /** What comes next; after the end, or a fault, the same again. */
  async next(): Promise<Result<FormEvent, FormFault>> {
    for (;;) {
      const event = this.#events.shift()
      if (event) return success(event)
      if (this.#fault) return refuse(this.#fault)
      if (this.#isEnded) return success({ kind: 'end' })
      await this.#readPiece()
    }
  }

  /** Puts back what was not used of an event. */
  unshift(event: FormEvent): void {
    this.#events.unshift(event)
  }

  cancel(): Promise<void> {
    return this.#reader.cancel()
  }

  async #readPiece(): Promise<void> {
    const piece = await this.#reader.read(this.#memory)
    if (!piece.ok) return this.#fail({ kind: 'broken_off' })
    this.#memory = new Uint8Array(piece.value.buffer)
    this.#bytes += piece.value.byteLength
    const { bytesMax } = this.#caps
    if (this.#bytes > bytesMax) return this.#fail({ kind: 'too_large', bytesMax })
    try {
      if (piece.value.byteLength > 0) {
        // The parser keeps the end of what it was given, so that gets memory of its own.
        const tail = Math.max(0, piece.value.byteLength - TAIL_BYTES)
        this.#write(piece.value.subarray(0, tail))
        this.#write(piece.value.slice(tail))
      } else {
        this.#parser.write(this.#heldDashes)
        this.#parser.end()
        if (!this.#isEnded) this.#fail({ kind: 'cut_off' })
      }
    } catch {
      // Such as a percent sign in a file's name that nothing follows.
      this.#fail({ kind: 'not_a_form' })
    }
  }

  /** The parser does not know the end of a form when its last two dashes come one by one. */
  #write(piece: Uint8Array): void {
    if (piece.byteLength === 0) return
    const held = this.#heldDashes
    const bytes = held.byteLength > 0 ? joined(held, piece) : piece
    let end = bytes.byteLength
    while (end > bytes.byteLength - 2 && bytes[end - 1] === DASH) end--
    this.#heldDashes = bytes.slice(end)
    this.#parser.write(bytes.subarray(0, end))
  }

  #part(info: PartInfo, { name, filename }: PartHead): (bytes: Uint8Array | null) => void {
    if (filename === null) return this.#text(info, name)
    this.#add({ kind: 'file', name, filename, contentType: info.contentType })
    return (bytes) => this.#add(bytes ? { kind: 'chunk', bytes } : { kind: 'file_end' })
  }

  #text(info: PartInfo, name: string): (bytes: Uint8Array | null) => void {
    const bytesMax = this.#caps.textBytesMax
    let collected = new Uint8Array()
    return (bytes) => {
      if (!bytes) {
        this.#add({ kind: 'text', name, text: decodeField(info, collected) })
      } else if (collected.byteLength + bytes.byteLength > bytesMax) {
        this.#fail({ kind: 'too_large', bytesMax })
      } else {
        collected = joined(collected, bytes)
      }
    }
  }

  #add(event: FormEvent): void {
    if (this.#fault || this.#isEnded) return
    this.#isEnded = event.kind === 'end'
    if (!this.#isEnded) this.#events.push(event)
  }

  /** The first fault is the one that counts; what follows the end of a form is none of it. */
  #fail(fault: FormFault): void {
    if (!this.#isEnded) this.#fault ??= fault
  }
}

/** The bytes of the file that the form is at. */
class FileReader implements ByteReader {
  readonly #form: FormReader
  #isOver = false

  constructor(form: FormReader) {
    this.#form = form
  }

  async read(buffer: Bytes): Promise<Result<Bytes, StreamFault>> {
    let filled = 0
    while (filled < buffer.byteLength && !this.#isOver) {
      const event = await this.#form.next()
      if (!event.ok) return refuse(streamFaultOf(event.refusal))
      if (event.value.kind !== 'chunk') {
        this.#isOver = true
        if (event.value.kind !== 'file_end') this.#form.unshift(event.value)
        break
      }
      const { bytes } = event.value
      const piece = bytes.subarray(0, buffer.byteLength - filled)
      buffer.set(piece, filled)
      filled += piece.byteLength
      const rest = bytes.subarray(piece.byteLength)
      if (rest.byteLength > 0) this.#form.unshift({ kind: 'chunk', bytes: rest })
    }
    return success(buffer.subarray(0, filled))
  }

  /** The form goes on behind it. */
  async cancel(): Promise<void> {
    this.#isOver = true
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.byteLength + other.byteLength)
  both.set(one)
  both.set(other, one.byteLength)
  return both
}

function faultOf(error: MultipartError, partsMax: number): FormFault {
  switch (error._tag) {
    case 'EndNotReached':
      return { kind: 'cut_off' }
    case 'ReachedLimit':
      return { kind: 'too_many_parts', partsMax }
    default:
      return { kind: 'not_a_form' }
  }
}

/** In the middle of a file a form can't turn out to be none. */
function streamFaultOf(fault: FormFault): StreamFault {
  return fault.kind === 'not_a_form' || fault.kind === 'too_many_parts'
    ? { kind: 'cut_off' }
    : fault
}
