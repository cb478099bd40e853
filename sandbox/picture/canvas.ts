/**
 * A canvas that fills polygons with smooth edges.
 *
 * Each edge leaves, in every pixel that it crosses, how much of the pixel lies to its right; the sum
 * along a row is then how much of each pixel is covered. That is exact, and needs one pass a shape.
 */
import type { Size } from '../jobs.ts'
import type { Colour } from './colour.ts'

export type Point = readonly [x: number, y: number]
/** Closed rings; where rings run the other way round, there is a hole. */
export type Shape = ReadonlyArray<readonly Point[]>

export interface Paint {
  /** The colour of a row. */
  colourAt: (y: number) => Colour
  /** From 0, nothing, to 1. */
  opacity?: number
}

/** Columns beside the canvas that take what edges leave behind the last pixel. */
const SPARE_COLUMNS = 2
const HARDLY = 1 / 512

export class Canvas {
  readonly width: number
  readonly height: number
  /** Red, green, blue and an opacity of 255 for each pixel, row by row. */
  readonly pixels: Uint8ClampedArray
  readonly #words: Uint32Array
  readonly #cover: Float32Array

  constructor({ width, height }: Size) {
    this.width = width
    this.height = height
    this.pixels = new Uint8ClampedArray(width * height * 4)
    this.#words = new Uint32Array(this.pixels.buffer)
    this.#cover = new Float32Array((width + SPARE_COLUMNS) * (height + 1))
  }

  /** Paints everything. */
  flood({ colourAt }: Paint): void {
    for (let y = 0; y < this.height; y++) {
      this.#words.fill(toWord(colourAt(y)), y * this.width, (y + 1) * this.width)
    }
  }

  fill(shape: Shape, paint: Paint): void {
    const rows = this.#rowsOf(shape)
    if (rows === null) return
    for (const ring of shape) {
      let from = ring.at(-1)
      for (const to of ring) {
        if (from) this.#addEdge(from, to)
        from = to
      }
    }
    for (let y = rows.first; y <= rows.last; y++) this.#paintRow(y, paint)
  }

  #rowsOf(shape: Shape): { first: number; last: number } | null {
    let top = Number.POSITIVE_INFINITY
    let bottom = Number.NEGATIVE_INFINITY
    for (const ring of shape) {
      for (const [, y] of ring) {
        top = Math.min(top, y)
        bottom = Math.max(bottom, y)
      }
    }
    const first = Math.max(0, Math.floor(top))
    const last = Math.min(this.height - 1, Math.floor(bottom))
    return first <= last ? { first, last } : null
  }

  #addEdge(from: Point, to: Point): void {
    const direction = from[1] < to[1] ? 1 : -1
    const [[topX, topY], [bottomX, bottomY]] = direction === 1 ? [from, to] : [to, from]
    if (topY === bottomY) return
    const slope = (bottomX - topX) / (bottomY - topY)
    const last = Math.min(this.height, Math.ceil(bottomY))
    for (let y = Math.max(0, Math.floor(topY)); y < last; y++) {
      const start = Math.max(y, topY)
      const end = Math.min(y + 1, bottomY)
      const x0 = this.#clamp(topX + (start - topY) * slope)
      const x1 = this.#clamp(topX + (end - topY) * slope)
      this.#addToRow(y, Math.min(x0, x1), Math.max(x0, x1), (end - start) * direction)
    }
  }

  #clamp(x: number): number {
    return Math.min(this.width, Math.max(0, x))
  }

  /** Spreads the height of an edge over the pixels that it crosses in one row. */
  #addToRow(y: number, left: number, right: number, height: number): void {
    const row = y * (this.width + SPARE_COLUMNS)
    const first = Math.floor(left)
    for (let column = first; column < right || column === first; column++) {
      const begin = Math.max(left, column)
      const until = Math.min(right, column + 1)
      const share = right > left ? (until - begin) / (right - left) : 1
      const toItsRight = column + 1 - (until + begin) / 2
      this.#add(row + column, height * share * toItsRight)
      this.#add(row + column + 1, height * share * (1 - toItsRight))
    }
  }

  #add(at: number, amount: number): void {
    this.#cover[at] = (this.#cover[at] ?? 0) + amount
  }

  /** Blends one row and leaves the cover empty for the next shape. */
  #paintRow(y: number, { colourAt, opacity = 1 }: Paint): void {
    const colour = colourAt(y)
    const word = toWord(colour)
    const row = y * (this.width + SPARE_COLUMNS)
    const first = y * this.width
    let sum = 0
    for (let x = 0; x < this.width; ) {
      sum += this.#cover[row + x] ?? 0
      const end = this.#endOfRun(row, x)
      const covered = Math.min(1, Math.abs(sum)) * opacity
      if (covered > 1 - HARDLY) this.#words.fill(word, first + x, first + end)
      else if (covered > HARDLY) this.#blend(first + x, first + end, colour, covered)
      x = end
    }
    this.#cover.fill(0, row, row + this.width + SPARE_COLUMNS)
  }

  /** How far the cover of a pixel goes on unchanged. */
  #endOfRun(row: number, x: number): number {
    let end = x + 1
    while (end < this.width && this.#cover[row + end] === 0) end++
    return end
  }

  #blend(from: number, to: number, [red, green, blue]: Colour, share: number): void {
    const { pixels } = this
    for (let at = from * 4; at < to * 4; at += 4) {
      pixels[at] = (pixels[at] ?? 0) * (1 - share) + red * share
      pixels[at + 1] = (pixels[at + 1] ?? 0) * (1 - share) + green * share
      pixels[at + 2] = (pixels[at + 2] ?? 0) * (1 - share) + blue * share
    }
  }
}

/** As the pixel lies in memory, lowest byte first. */
function toWord([red, green, blue]: Colour): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0
}
