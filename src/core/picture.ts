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

/** Width and height in pixels, null where the first bytes don't tell. */
export function pictureSize(head: Uint8Array): { width: number | null; height: number | null } {
  try {
    const { width, height } = imageSize(head)
    return { width: width || null, height: height || null }
  } catch {
    return { width: null, height: null }
  }
}
