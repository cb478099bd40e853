/** The words of a picture: its prompt, large, over the provider's mark and name. */
import type { Size } from '../jobs.ts'
import type { Canvas } from './canvas.ts'
import { lettering, widthOf, wrapText, writable } from './lettering.ts'
import type { Look } from './looks.ts'

const LINES_MAX = 4
const LETTERS_MAX = 160
const LINE_HEIGHT = 1.16
/** Shares of the picture's shorter side. */
const MARGIN = 0.065
const LARGEST = 0.085
const SMALLEST = 0.035
const SMALL_PRINT = 0.03
const SHRINK = 0.92
/** The words take this much of the height at the most. */
const ROOM = 0.3

export interface Words {
  prompt: string
  /** Such as `gptimage2.ai`. */
  provider: string
  /** Such as `1024×768`. */
  note: string
}

/** The words in their places, in pixels. */
export interface Caption {
  words: Words
  lines: string[]
  fontSize: number
  margin: number
  small: number
  /** Where the small print stands, and the last line over it. */
  base: number
  lastLine: number
  /** Nothing is written above. */
  top: number
}

export function setCaption({ width, height }: Size, words: Words): Caption {
  const unit = Math.min(width, height)
  const margin = unit * MARGIN
  const small = unit * SMALL_PRINT
  const room = { width: width - 2 * margin, height: height * ROOM }
  const { lines, fontSize } = fitCaption(promptOf(words.prompt), unit, room)
  const base = height - margin
  const lastLine = base - small * 2.2
  const top = lastLine - lines.length * fontSize * LINE_HEIGHT
  return { words, lines, fontSize, margin, small, base, lastLine, top }
}

export function paintCaption(canvas: Canvas, look: Look, caption: Caption): void {
  const { words, lines, fontSize, margin, small, base, lastLine } = caption
  const paint = { colourAt: () => look.ink }
  const mark = small * 0.55
  canvas.fill(look.mark(margin + mark, base - small * 0.33, mark), paint)
  canvas.fill(lettering(words.provider, margin + mark * 3, base, small), paint)
  const noteLeft = canvas.width - margin - widthOf(words.note, small)
  canvas.fill(lettering(words.note, noteLeft, base, small), { ...paint, opacity: 0.7 })
  for (const [index, line] of lines.entries()) {
    const y = lastLine - (lines.length - 1 - index) * fontSize * LINE_HEIGHT
    canvas.fill(lettering(line, margin, y, fontSize), paint)
  }
}

/** What was asked for, without the directives for the sandbox. */
function promptOf(prompt: string): string {
  const text = writable(prompt.replaceAll(/\[\[.+?\]\]/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([,.;:!?])/g, '$1')
    .trim()
  return text.length <= LETTERS_MAX ? text : `${text.slice(0, LETTERS_MAX).trimEnd()}…`
}

/** The largest size at which the text has room. */
function fitCaption(text: string, unit: number, room: { width: number; height: number }) {
  let fontSize = unit * LARGEST
  let lines = wrapText(text, fontSize, room.width)
  const isTooLarge = () =>
    lines.length > LINES_MAX ||
    lines.length * fontSize * LINE_HEIGHT > room.height ||
    lines.some((line) => widthOf(line, fontSize) > room.width)
  while (fontSize > unit * SMALLEST && isTooLarge()) {
    fontSize *= SHRINK
    lines = wrapText(text, fontSize, room.width)
  }
  return { lines: lines.slice(0, LINES_MAX + 2), fontSize }
}
