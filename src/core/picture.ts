/** What a picture is, told from its first bytes and never from what the sender says of it. */
import { imageSize } from 'image-size'

/** The media type of PNG, JPEG, WebP, GIF and AVIF; null for anything else, SVG and HTML included. */
export function sniffPicture(head: Uint8Array): string | null {
  const text = String.fromCharCode(...head.subarray(0, 32))
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp'
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'image/gif'
  if (text.slice(4, 8) === 'ftyp' && /avi[fs]/.test(text.slice(8))) return 'image/avif'
  return null
}

/** How many of the last bytes `isWhole` looks at. */
export const TAIL_BYTES = 1024

/** Whether a picture ends where its format says it does, as far as the format tells. */
export function isWhole(head: Uint8Array, tail: Uint8Array, bytes: number): boolean {
  const type = sniffPicture(head)
  if (type === 'image/png') return String.fromCharCode(...tail).includes('IEND')
  if (type === 'image/webp') {
    const riffBytes = new DataView(head.buffer, head.byteOffset).getUint32(4, true)
    return bytes >= riffBytes + 8
  }
  return true
}

/**
 * Whether the picture carries content credentials (C2PA), as far as its first bytes show.
 *
 * PNG keeps them in a chunk `caBX` before its pixels, JPEG in JUMBF boxes in APP11 segments, WebP
 * in a chunk `C2PA`, AVIF in a `uuid` box with C2PA's own id. In a WebP the chunk may stand behind
 * the pixels, and then is seen only if the whole picture is.
 */
export function hasContentCredentials(head: Uint8Array): boolean {
  switch (sniffPicture(head)) {
    case 'image/png':
      return pngChunks(head).includes('caBX')
    case 'image/jpeg':
      return jpegHasJumbf(head)
    case 'image/webp':
      return webpChunks(head).includes('C2PA')
    case 'image/avif':
      return avifHasC2pa(head)
    default:
      return false
  }
}

/** The names of the chunks before the pixels. */
function pngChunks(head: Uint8Array): string[] {
  const names: string[] = []
  const view = viewOf(head)
  for (let start = 8; start + 8 <= head.byteLength; start += 12 + view.getUint32(start)) {
    const name = textAt(head, start + 4, 4)
    if (name === 'IDAT') break
    names.push(name)
  }
  return names
}

/** A JUMBF superbox whose description says that it is C2PA's, in a segment before the pixels. */
function jpegHasJumbf(head: Uint8Array): boolean {
  const view = viewOf(head)
  let start = 2
  while (start + 4 <= head.byteLength && head[start] === 0xff) {
    const marker = head[start + 1]
    const isFill = marker === 0xff
    if (marker === 0xda || marker === 0xd9) break
    const bytes = view.getUint16(start + 2)
    // After "JP", a box instance (2 bytes) and a packet number (4): the box's size, and its type.
    if (marker === 0xeb && textAt(head, start + 4, 2) === 'JP') {
      const segment = textAt(head, start + 4, Math.min(bytes, 64))
      if (segment.slice(12, 16) === 'jumb' && segment.includes('c2pa')) return true
    }
    start += isFill ? 1 : 2 + bytes
  }
  return false
}

function webpChunks(head: Uint8Array): string[] {
  const names: string[] = []
  const view = viewOf(head)
  let start = 12
  while (start + 8 <= head.byteLength) {
    names.push(textAt(head, start, 4))
    const bytes = view.getUint32(start + 4, true)
    start += 8 + bytes + (bytes % 2)
  }
  return names
}

/** The id of C2PA's box in files made of ISO boxes. */
const C2PA_UUID = '\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81'

function avifHasC2pa(head: Uint8Array): boolean {
  const view = viewOf(head)
  let start = 0
  while (start + 24 <= head.byteLength) {
    const bytes = view.getUint32(start)
    const type = textAt(head, start + 4, 4)
    if (type === 'uuid' && textAt(head, start + 8, 16) === C2PA_UUID) return true
    // Smaller than its own header: the rest of the file (0), or a size of 64 bits (1).
    if (bytes < 8) break
    start += bytes
  }
  return false
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length))
}

/** Width and height in pixels, null where the first bytes don't tell. */
export function pictureSize(head: Uint8Array): { width: number | null; height: number | null } {
  try {
    const { width, height } = imageSize(head)
    return { width: width || null, height: height || null }
  } catch {
    return { width: null, height: null }
  }
}
