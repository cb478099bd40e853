/**
 * Draws what a provider would have made: a picture of the asked size, with the words of its prompt.
 *
 * Invariant: the same arguments give the same bytes, and any other prompt or seed other ones.
 */
import { encode as encodeJpeg } from 'jpeg-js'
import type { Size } from './jobs.ts'
import { Canvas } from './picture/canvas.ts'
import { paintCaption, setCaption } from './picture/caption.ts'
import { paintLandscape } from './picture/landscape.ts'
import { lookOf } from './picture/looks.ts'
import { encodePng } from './picture/png.ts'
import { Random } from './picture/random.ts'

const JPEG_QUALITY = 85
/** Shares of the height: where the land that bears the words begins, and how far above them. */
const LOWEST_LAND = 0.8
const CLEARANCE = 0.03

export type Format = 'png' | 'jpeg'

export function drawPicture(
  provider: string,
  prompt: string,
  size: Size,
  { seed, format }: { seed: string; format: Format } = { seed: '', format: 'png' },
): Uint8Array {
  const canvas = new Canvas(size)
  const look = lookOf(provider)
  const note = `${size.width}×${size.height}`
  const caption = setCaption(size, { prompt, provider, note })
  const nearest = Math.min(LOWEST_LAND, caption.top / size.height - CLEARANCE)
  paintLandscape(canvas, look, nearest, new Random(`${provider} ${seed} ${prompt}`))
  paintCaption(canvas, look, caption)
  if (format === 'png') return encodePng(canvas)
  const { data } = encodeJpeg({ ...size, data: canvas.pixels }, JPEG_QUALITY)
  return Uint8Array.from(data)
}
