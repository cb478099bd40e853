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

/** Width and height in pixels, null where the first bytes don't tell. */
export function pictureSize(head: Uint8Array): { width: number | null; height: number | null } {
  try {
    const { width, height } = imageSize(head)
    return { width: width || null, height: height || null }
  } catch {
    return { width: null, height: null }
  }
}
