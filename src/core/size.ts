/**
 * Aspect ratio × resolution ⇄ pixels.
 *
 * A ratio may be met by any legal size within one percent of it; an exact size is met exactly or
 * not at all.
 */
import { type ImageRequest, RESOLUTIONS, type Resolution } from './request'

export interface PixelSize {
  width: number
  height: number
}

/** What sizes a provider accepts, in pixels. */
export interface SizeRules {
  multipleOf: number
  longEdgeMax: number
  /** Long edge divided by short edge. */
  ratioMax: number
  pixelsMin: number
  pixelsMax: number
}

/** The longest edge of each tier, as nanobananaapi.dev's price table draws the lines. */
const TIER_LONG_EDGE_MAX: Record<Resolution, number> = { '1k': 1536, '2k': 2048, '4k': 3840 }
const RATIO_TOLERANCE = 0.01
/** Rounding noise between two sizes of the same ratio. */
const EQUAL_ERROR = 1e-9

/** `"1536x1024"` → pixels, or null when it is not of that form. */
export function parseSize(text: string): PixelSize | null {
  const match = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(text)
  return match ? { width: Number(match[1]), height: Number(match[2]) } : null
}

export function formatSize(size: PixelSize): string {
  return `${size.width}x${size.height}`
}

/** `"16:9"` → width divided by height, or null when it is not of that form. */
export function parseRatio(text: string): number | null {
  const match = /^([1-9]\d{0,4}):([1-9]\d{0,4})$/.exec(text)
  return match ? Number(match[1]) / Number(match[2]) : null
}

/** Whether a picture has not the exact size, or by more than one percent not the ratio, that was asked for. */
export function isSizeMismatch(
  { size, aspect_ratio }: Pick<ImageRequest, 'size' | 'aspect_ratio'>,
  { width, height }: { width: number | null; height: number | null },
): boolean {
  if (width === null || height === null) return false
  const wanted = size === undefined ? null : parseSize(size)
  if (wanted) return wanted.width !== width || wanted.height !== height
  const ratio = aspect_ratio === undefined ? null : parseRatio(aspect_ratio)
  return ratio !== null && Math.abs(width / height / ratio - 1) > RATIO_TOLERANCE
}

/** The offered ratio that meets a wish: the same, or one within one percent, or null. */
export function matchRatio(wish: string, offered: readonly string[]): string | null {
  if (offered.includes(wish)) return wish
  const ratio = parseRatio(wish)
  const isNear = (other: string): boolean =>
    ratio !== null && Math.abs((parseRatio(other) ?? 0) / ratio - 1) <= RATIO_TOLERANCE
  return offered.find(isNear) ?? null
}

/** The tier whose long edge a size still fits, or null when it is larger than all of them. */
export function tierOf(size: PixelSize): Resolution | null {
  const longEdge = Math.max(size.width, size.height)
  return RESOLUTIONS.find((tier) => longEdge <= TIER_LONG_EDGE_MAX[tier]) ?? null
}

/** The first rule that a size breaks, in words, or null when it is legal. */
export function brokenRule(size: PixelSize, rules: SizeRules): string | null {
  const { width, height } = size
  const long = Math.max(width, height)
  const pixels = width * height
  if (width % rules.multipleOf !== 0 || height % rules.multipleOf !== 0)
    return `width and height must be multiples of ${rules.multipleOf}`
  if (long > rules.longEdgeMax) return `the long edge must not exceed ${rules.longEdgeMax} pixels`
  if (long > rules.ratioMax * Math.min(width, height))
    return `the aspect ratio must not exceed ${rules.ratioMax}:1`
  if (pixels < rules.pixelsMin || pixels > rules.pixelsMax)
    return `width × height must be between ${rules.pixelsMin} and ${rules.pixelsMax} pixels`
  return null
}

/** The legal size of a tier nearest to a ratio, the largest where several are as near; null if none is within one percent. */
export function sizeFor(ratio: number, tier: Resolution, rules: SizeRules): PixelSize | null {
  let best: { size: PixelSize; error: number } | null = null
  const step = rules.multipleOf
  for (let long = TIER_LONG_EDGE_MAX[tier]; long >= step; long -= step) {
    const exactShort = ratio >= 1 ? long / ratio : long * ratio
    const short = Math.round(exactShort / step) * step
    const size = ratio >= 1 ? { width: long, height: short } : { width: short, height: long }
    if (short < step || tierOf(size) !== tier || brokenRule(size, rules)) continue
    const error = Math.abs(size.width / size.height / ratio - 1)
    if (error <= RATIO_TOLERANCE && (!best || error < best.error - EQUAL_ERROR))
      best = { size, error }
  }
  return best?.size ?? null
}
