/**
 * Aspect ratio × resolution ⇄ pixels.
 *
 * A ratio may be met by any legal size within one percent of it; an exact size is met exactly or
 * not at all.
 */
import { type ImageRequest, RESOLUTIONS, type Resolution } from './request'
import { TIER_SIZES } from './tier-sizes'

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
/** Sizes that are no one's promise are made of such steps, which every provider takes. */
const STEP = 16

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

/**
 * The pixels that a tier stands for at a ratio: the table's, where they are legal and cost what the tier
 * costs, else the legal size of that price which is nearest to them in area; null if none has the ratio.
 *
 * @param tierAt the tier at which the provider bills a size; null where it does not make it
 */
export function sizeFor(
  wish: { ratio: string; tier: Resolution },
  rules: SizeRules,
  tierAt: (size: PixelSize) => Resolution | null,
): PixelSize | null {
  const isOffered = (size: PixelSize) => !brokenRule(size, rules) && tierAt(size) === wish.tier
  const ratio = parseRatio(wish.ratio)
  if (ratio === null) return null
  const named = matchRatio(wish.ratio, Object.keys(TIER_SIZES))
  const meant = tierSize(named ?? nearestRow(ratio), wish.tier)
  if (meant && named && isOffered(meant)) return meant
  const area = meant ? meant.width * meant.height : 0
  const distance = ({ width, height }: PixelSize) => Math.abs(width * height - area)
  let best: PixelSize | null = null
  for (const size of sizesOfRatio(ratio, rules)) {
    if (best && distance(best) <= distance(size)) continue
    if (isOffered(size)) best = size
  }
  return best
}

/** The first size of the table for a ratio that stands in it. */
function tierSize(row: string, tier: Resolution): PixelSize | null {
  const [first] = TIER_SIZES[row]?.[tier] ?? []
  return first === undefined ? null : parseSize(first)
}

/** The ratio of the table that is nearest to one that is not in it. */
function nearestRow(ratio: number): string {
  const distance = (row: string) => Math.abs(Math.log((parseRatio(row) ?? 1) / ratio))
  return Object.keys(TIER_SIZES).reduce((best, row) =>
    distance(row) < distance(best) ? row : best,
  )
}

/** All sizes within one percent of a ratio, in steps. */
function* sizesOfRatio(ratio: number, { longEdgeMax, multipleOf }: SizeRules) {
  const step = Math.max(STEP, multipleOf)
  const stretch = Math.max(ratio, 1 / ratio)
  for (let long = step; long <= longEdgeMax; long += step) {
    const shortMin = Math.ceil(long / stretch / (1 + RATIO_TOLERANCE) / step) * step
    for (let short = Math.max(step, shortMin); ; short += step) {
      const size = ratio >= 1 ? { width: long, height: short } : { width: short, height: long }
      const error = size.width / size.height / ratio - 1
      if (Math.abs(error) <= RATIO_TOLERANCE) yield size
      else if (short > long / stretch) break
    }
  }
}
