/**
 * A kept picture as base64, encoded as it streams: a piece of it is in memory, never the whole.
 */
import type { ByteReader, Bytes } from './byte-reader'

const ALPHABET = new TextEncoder().encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
)
const PADDING = 0x3d
/** Read at a time; a multiple of three, so that only the last piece is padded. */
const PIECE_BYTES = 3 * 64 * 1024

/** How long the base64 of so many bytes is. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4
}

/** Null when the source breaks off. */
export async function* base64Of(source: ByteReader): AsyncGenerator<Uint8Array | null, void> {
  let memory: Bytes = new Uint8Array(PIECE_BYTES)
  try {
    for (;;) {
      const piece = await source.read(memory)
      if (!piece.ok) {
        yield null
        return
      }
      if (piece.value.byteLength === 0) return
      yield encodeBase64(piece.value)
      memory = new Uint8Array(piece.value.buffer, 0, PIECE_BYTES)
    }
  } finally {
    await source.cancel()
  }
}

export function encodeBase64(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(base64Length(bytes.byteLength))
  let length = 0
  const letter = (bits: number) => {
    text[length++] = ALPHABET[bits & 63] as number
  }
  const whole = bytes.byteLength - (bytes.byteLength % 3)
  for (let index = 0; index < whole; index += 3) {
    const first = bytes[index] as number
    const second = bytes[index + 1] as number
    const third = bytes[index + 2] as number
    text[length] = ALPHABET[first >> 2] as number
    text[length + 1] = ALPHABET[((first & 3) << 4) | (second >> 4)] as number
    text[length + 2] = ALPHABET[((second & 15) << 2) | (third >> 6)] as number
    text[length + 3] = ALPHABET[third & 63] as number
    length += 4
  }
  const rest = bytes.byteLength - whole
  if (rest === 0) return text
  const first = bytes[whole] as number
  const second = rest === 2 ? (bytes[whole + 1] as number) : 0
  letter(first >> 2)
  letter((first << 4) | (second >> 4))
  if (rest === 2) letter(second << 2)
  text.fill(PADDING, length)
  return text
}
