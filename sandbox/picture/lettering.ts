/// <reference path="./opentype.d.ts" />
/** Words as shapes, in a font that is read when the first picture is drawn. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Font, type PathCommand, parse } from 'opentype.js/dist/opentype.mjs'
import type { Point, Shape } from './canvas.ts'

const FONT = '@fontsource/dm-serif-display/files/dm-serif-display-latin-400-normal.woff'
const CURVE_STEPS = 6

let loaded: Font | null = null

function font(): Font {
  if (loaded === null) {
    const bytes = readFileSync(createRequire(import.meta.url).resolve(FONT))
    loaded = parse(Uint8Array.from(bytes).buffer)
  }
  return loaded
}

export function widthOf(text: string, fontSize: number): number {
  return font().getAdvanceWidth(text, fontSize)
}

/** The text without characters that the font can't write. */
export function writable(text: string): string {
  return [...text].filter((letter) => font().charToGlyphIndex(letter) > 0).join('')
}

/** A line of text that begins at `x` and stands on `y`. */
export function lettering(text: string, x: number, y: number, fontSize: number): Shape {
  return toShape(font().getPath(text, x, y, fontSize).commands)
}

/** Lines of words that are at most so wide; a word that is wider has a line of its own. */
export function wrapText(text: string, fontSize: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer, fontSize) > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return line === '' ? lines : [...lines, line]
}

function toShape(commands: PathCommand[]): Shape {
  const rings: Point[][] = []
  let ring: Point[] = []
  for (const command of commands) {
    if (command.type === 'M') {
      ring = []
      rings.push(ring)
    }
    if (command.type !== 'Z') ring.push(...pointsOf(command, ring.at(-1)))
  }
  return rings
}

function pointsOf(command: PathCommand, from: Point | undefined): Point[] {
  const { type, x, y, x1, y1, x2, y2 } = command
  if (from === undefined || type === 'M' || type === 'L') return [[x, y]]
  const controls: Point[] =
    type === 'Q' ? [from, [x1, y1], [x, y]] : [from, [x1, y1], [x2, y2], [x, y]]
  return Array.from({ length: CURVE_STEPS }, (_, i) => onCurve(controls, (i + 1) / CURVE_STEPS))
}

/** De Casteljau's way to a point of a Bézier curve. */
function onCurve(controls: readonly Point[], t: number): Point {
  let points = controls
  while (points.length > 1) {
    points = points.slice(1).map(([x, y], i): Point => {
      const [fromX, fromY] = points[i] ?? [x, y]
      return [fromX + (x - fromX) * t, fromY + (y - fromY) * t]
    })
  }
  return points[0] ?? [0, 0]
}
