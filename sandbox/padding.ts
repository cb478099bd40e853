/** Makes a PNG or a JPEG larger without changing what it shows. */

/** The end of every PNG: an empty chunk with its check sum. */
const PNG_END_BYTES = 12
const PNG_CHUNK_OVERHEAD_BYTES = 12
/** Ancillary, private, safe to copy: whoever does not know it passes over it. */
const PNG_CHUNK_TYPE = [...'spAd'].map((letter) => letter.charCodeAt(0))
const JPEG_START_BYTES = 2
const JPEG_COMMENT = [0xff, 0xfe]
const JPEG_COMMENT_OVERHEAD_BYTES = 4
const JPEG_COMMENT_BYTES_MAX = 65_533

/** @returns a picture of exactly `bytes`, or of a few more, unless it is as large already. */
export function padPicture(picture: Uint8Array, bytes: number): Uint8Array {
  const missing = bytes - picture.byteLength
  if (missing <= 0) return picture
  const isPng = picture[0] === 0x89
  const at = isPng ? picture.byteLength - PNG_END_BYTES : JPEG_START_BYTES
  const padding = isPng ? pngChunk(missing) : jpegComments(missing)
  return concat([picture.subarray(0, at), ...padding, picture.subarray(at)])
}

function pngChunk(bytes: number): Uint8Array[] {
  const length = Math.max(0, bytes - PNG_CHUNK_OVERHEAD_BYTES)
  const checked = concat([Uint8Array.from(PNG_CHUNK_TYPE), noise(length)])
  return [bigEndian(length), checked, bigEndian(crc32(checked))]
}

function jpegComments(bytes: number): Uint8Array[] {
  const comments: Uint8Array[] = []
  for (let left = bytes; left > 0; ) {
    const length = Math.min(Math.max(0, left - JPEG_COMMENT_OVERHEAD_BYTES), JPEG_COMMENT_BYTES_MAX)
    const told = length + 2
    comments.push(Uint8Array.from([...JPEG_COMMENT, told >> 8, told & 0xff]), noise(length))
    left -= length + JPEG_COMMENT_OVERHEAD_BYTES
  }
  return comments
}

/** Bytes that no compression makes smaller, and none that a JPEG would take for a marker. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = 0x9e3779b9
  for (let i = 0; i < length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state & 0x7f
  }
  return bytes
}

/** The check sum of PNG chunks, bit by bit: eight steps a byte. */
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_OF_BYTE[(crc ^ byte) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}

function bigEndian(number: number): Uint8Array {
  return Uint8Array.from([number >>> 24, number >>> 16, number >>> 8, number])
}

function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}
