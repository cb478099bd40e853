/** A landscape in the provider's colours: sky, a light with its glow, and land behind land. */
import type { Canvas } from './canvas.ts'
import { mix } from './colour.ts'
import type { Look, Terrain } from './looks.ts'
import type { Random } from './random.ts'
import { below, disc } from './shapes.ts'

const LAYERS = 5
const GLOW_RINGS = 6
const STARS = 70
const STEP_SHARE = 1 / 256

/** @param nearest where the nearest land begins at the latest, as a share of the height. */
export function paintLandscape(canvas: Canvas, look: Look, nearest: number, random: Random): void {
  const horizon = nearest * random.between(0.5, 0.66)
  paintSky(canvas, look, horizon)
  if (look.terrain === 'peaks') paintStars(canvas, look, horizon, random)
  paintLight(canvas, look, horizon, random)
  const topOf = (layer: number) => horizon + ((nearest - horizon) * layer) / (LAYERS - 1)
  for (let layer = 0; layer < LAYERS; layer++) {
    const isNearest = layer === LAYERS - 1
    const extent = { top: topOf(layer), bottom: isNearest ? 1 : topOf(layer + 1) }
    paintLand(canvas, look, { nearness: layer / (LAYERS - 1), ...extent }, random)
  }
}

function paintSky(canvas: Canvas, { sky }: Look, horizon: number): void {
  const colourAt = (y: number) =>
    mix(sky[0], sky[1], Math.min(1, y / canvas.height / (horizon + 0.1)))
  canvas.flood({ colourAt })
}

function paintStars(canvas: Canvas, { light }: Look, horizon: number, random: Random): void {
  const { width, height } = canvas
  const unit = Math.min(width, height)
  for (let star = 0; star < STARS; star++) {
    const [x, y] = [random.between(0, width), random.between(0, height * horizon)]
    const opacity = random.between(0.2, 0.8) * (1 - y / height / horizon)
    canvas.fill(disc(x, y, unit * random.between(0.001, 0.0028)), {
      colourAt: () => light,
      opacity,
    })
  }
}

/** The sun or the moon, with a glow of widening rings. */
function paintLight(canvas: Canvas, { light }: Look, horizon: number, random: Random): void {
  const { width, height } = canvas
  const radius = Math.min(width, height) * random.between(0.06, 0.13)
  const [x, y] = [width * random.between(0.18, 0.82), height * horizon * random.between(0.35, 0.8)]
  const colourAt = () => light
  for (let ring = GLOW_RINGS; ring > 0; ring--) {
    canvas.fill(disc(x, y, radius * (1 + ring * 0.28)), { colourAt, opacity: 0.05 })
  }
  canvas.fill(disc(x, y, radius), { colourAt })
}

interface Land {
  /** From 0, the farthest, to 1. */
  nearness: number
  /** Where its ridge has its foot, and where nearer land hides it, as shares of the height. */
  top: number
  bottom: number
}

/** One ridge; farther land is paler, and each fades into mist downwards. */
function paintLand(
  canvas: Canvas,
  { land, sky, terrain }: Look,
  { nearness, ...extent }: Land,
  random: Random,
): void {
  const { width, height } = canvas
  const rise = height * (0.05 + 0.07 * (1 - nearness)) * (terrain === 'peaks' ? 1.6 : 1)
  const [top, bottom] = [height * extent.top, height * extent.bottom + 1]
  const ridge = ridgeOf(terrain, random)
  const scale = Math.max(width, height)
  const lineAt = (x: number) => top - rise * ridge(x / scale)
  const shape = below(lineAt, width, bottom, Math.max(1, scale * STEP_SHARE))
  const colour = mix(land[0], land[1], nearness)
  const mist = mix(colour, sky[1], 0.45 * (1 - nearness))
  const depthAt = (y: number) => Math.min(1, Math.max(0, (y - top + rise) / height / 0.25))
  canvas.fill(shape, { colourAt: (y) => mix(colour, mist, depthAt(y)) })
}

/** How high the land is over its foot, about 0 to 1, along the longer side of the picture. */
function ridgeOf(terrain: Terrain, random: Random): (x: number) => number {
  const phases = Array.from({ length: 4 }, () => random.between(0, Math.PI * 2))
  const pace = random.between(0.8, 1.3)
  const swing = (x: number, waves: number, index: number) =>
    Math.sin(x * waves * pace * Math.PI * 2 + (phases[index] ?? 0))
  switch (terrain) {
    case 'peaks':
      return (x) =>
        0.5 * fold(swing(x, 1.3, 0)) + 0.35 * fold(swing(x, 3.1, 1)) + 0.15 * fold(swing(x, 8.3, 2))
    case 'hills':
      return (x) => 0.5 + 0.35 * swing(x, 0.9, 0) + 0.15 * swing(x, 2.3, 1)
    case 'dunes':
      return (x) => 0.25 + 0.75 * (1 - Math.abs(swing(x, 0.55, 0))) ** 1.6 + 0.06 * swing(x, 1.7, 1)
    case 'waves':
      return (x) => 0.4 + 0.3 * Math.abs(swing(x, 3.5, 0)) + 0.2 * swing(x, 0.8, 1)
  }
}

/** Straight slopes where a sine has round ones. */
function fold(sine: number): number {
  return 0.5 + Math.asin(sine) / Math.PI
}
