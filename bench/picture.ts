/** Pictures of a wanted size in bytes: PNGs of noise, which nothing can shrink. */
import { randomFillSync } from 'node:crypto'
import { encode } from 'fast-png'

const CHANNELS = 3

/** @returns a whole PNG of about so many bytes. */
export function noisePicture(bytes: number): Uint8Array {
  const edge = Math.round(Math.sqrt(bytes / CHANNELS))
  const data = randomFillSync(new Uint8Array(edge * edge * CHANNELS))
  return encode(
    { width: edge, height: edge, data, channels: CHANNELS, depth: 8 },
    { zlib: { level: 1 } },
  )
}
