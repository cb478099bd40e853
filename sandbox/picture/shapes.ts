/** Shapes that pictures are made of, in pixels. */
import type { Point, Shape } from './canvas.ts'

const TURN = Math.PI * 2

export function disc(x: number, y: number, radius: number, corners = circleCorners(radius)): Shape {
  return [ringOf(x, y, radius, corners, 0)]
}

/** A disc with a hole; both round, and both in one piece. */
export function hoop(x: number, y: number, radius: number, hole: number): Shape {
  const outer = ringOf(x, y, radius, circleCorners(radius), 0)
  return [outer, ringOf(x, y, hole, circleCorners(hole), 0).toReversed()]
}

/** A disc out of which another one is cut, to the upper right. */
export function crescent(x: number, y: number, radius: number): Shape {
  const corners = circleCorners(radius)
  const arc = (centreX: number, centreY: number, size: number, from: number, to: number) =>
    Array.from({ length: corners + 1 }, (_, i): Point => {
      const angle = from + ((to - from) * i) / corners
      return [centreX + size * Math.cos(angle), centreY + size * Math.sin(angle)]
    })
  const tips = { one: -TURN * 0.3, other: TURN * 0.05 }
  const outer = arc(x, y, radius, tips.other, TURN + tips.one)
  const [endX = x, endY = y] = outer.at(-1) ?? []
  const [startX = x, startY = y] = outer[0] ?? []
  // The inner edge swings through a point inside the disc.
  const pull: Point = [x - radius * 0.5, y + radius * 0.5]
  const inner = Array.from({ length: corners }, (_, i): Point => {
    const t = (i + 1) / (corners + 1)
    const bend = (one: number, middle: number, other: number) =>
      (1 - t) ** 2 * one + 2 * t * (1 - t) * middle + t ** 2 * other
    return [bend(endX, pull[0], startX), bend(endY, pull[1], startY)]
  })
  return [[...outer, ...inner]]
}

/** A regular polygon that stands on its point, or on its side when turned by half a corner. */
export function polygon(x: number, y: number, radius: number, corners: number, turn = 0): Shape {
  return [ringOf(x, y, radius, corners, turn - TURN / 4)]
}

/** Everything below a line that a function draws from the left edge to the right one. */
export function below(
  lineAt: (x: number) => number,
  width: number,
  bottom: number,
  step: number,
): Shape {
  const ridge: Point[] = []
  for (let x = 0; x < width + step; x += step) {
    ridge.push([Math.min(x, width), lineAt(Math.min(x, width))])
  }
  return [[...ridge, [width, bottom], [0, bottom]]]
}

function ringOf(x: number, y: number, radius: number, corners: number, turn: number): Point[] {
  return Array.from({ length: corners }, (_, i): Point => {
    const angle = turn + (i / corners) * TURN
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
  })
}

/** So many that the eye sees none. */
function circleCorners(radius: number): number {
  return Math.max(12, Math.ceil(Math.sqrt(radius) * 8))
}
