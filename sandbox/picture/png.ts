/** PNG: chunks, their check sums, and an encoder for opaque pictures. */
import { crc32, deflateSync } from 'node:zlib'
import type { Canvas } from './canvas.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const BITS_PER_CHANNEL = 8
const RED_GREEN_BLUE = 2
/** Quick: the filter has done most of the work. */
const COMPRESSION = 1
/** Each row as its difference from the one above: mostly zeros, where colours change downwards. */
const FILTER_UP = 2

export function encodePng(canvas: Canvas): Uint8Array {
  const { width, height } = canvas
  const kind = [BITS_PER_CHANNEL, RED_GREEN_BLUE, 0, 0, 0]
  return concat([
    Uint8Array.from(SIGNATURE),
    pngChunk('IHDR', concat([bigEndian(width), bigEndian(height), Uint8Array.from(kind)])),
    pngChunk('IDAT', deflateSync(filterRows(canvas), { level: COMPRESSION })),
    pngChunk('IEND', new Uint8Array(0)),
  ])
}

function filterRows({ width, height, pixels }: Canvas): Uint8Array {
  const stride = width * 4
  const filtered = new Uint8Array((width * 3 + 1) * height)
  let at = 0
  const differenceAt = (i: number) =>
    (pixels[i] ?? 0) - (i < stride ? 0 : (pixels[i - stride] ?? 0))
  for (let y = 0; y < height; y++) {
    filtered[at++] = FILTER_UP
    for (let i = y * stride; i < (y + 1) * stride; i += 4) {
      filtered[at++] = differenceAt(i)
      filtered[at++] = differenceAt(i + 1)
      filtered[at++] = differenceAt(i + 2)
    }
  }
  return filtered
}

/** Length, type, data and check sum. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const letters = Uint8Array.from(type, (letter) => letter.charCodeAt(0))
  const checked = concat([letters, data])
  return concat([bigEndian(data.byteLength), checked, bigEndian(crc32(checked))])
}

function bigEndian(number: number): Uint8Array {
  return Uint8Array.from([number >>> 24, number >>> 16, number >>> 8, number])
}

export function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}
