/** Makes a PNG or a JPEG larger without changing what it shows. */
import { concat, pngChunk } from './picture/png.ts'

/** The end of every PNG: an empty chunk with its check sum. */
const PNG_END_BYTES = 12
const PNG_CHUNK_OVERHEAD_BYTES = 12
/** Ancillary, private, safe to copy: whoever does not know it passes over it. */
const PNG_CHUNK_TYPE = 'spAd'
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
  const padding = isPng
    ? [pngChunk(PNG_CHUNK_TYPE, noise(Math.max(0, missing - PNG_CHUNK_OVERHEAD_BYTES)))]
    : jpegComments(missing)
  return concat([picture.subarray(0, at), ...padding, picture.subarray(at)])
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
