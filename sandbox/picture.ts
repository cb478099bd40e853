/** Draws a real PNG of the asked size, with what was asked of whom readable in it. */
import { encode } from 'fast-png'
import { GLYPH_HEIGHT, GLYPH_WIDTH, hasInk } from './font.ts'

export interface Size {
  width: number
  height: number
}

type Colour = readonly [number, number, number]

const PAPER: Record<string, Colour> = {
  'aivideoapi.ai': [32, 58, 110],
  'gptimage2api.org': [20, 92, 78],
  'gptimage2.ai': [116, 52, 40],
  'nanobananaapi.dev': [122, 94, 18],
}
const INK: Colour = [250, 246, 235]
const CHARACTERS_PER_LINE = 30
const LINES_MAX = 12

export function drawPicture(provider: string, text: string, size: Size): Uint8Array {
  const { width, height } = size
  const data = new Uint8Array(width * height * 3)
  paint(data, size, PAPER[provider] ?? [60, 60, 60])
  const scale = Math.max(
    1,
    Math.floor(Math.min(width / (CHARACTERS_PER_LINE + 2) / (GLYPH_WIDTH + 1), height / 140)),
  )
  const lines = [provider, `${width}x${height}`, '', ...wrap(text)].slice(0, LINES_MAX)
  for (const [row, line] of lines.entries()) {
    writeLine(data, size, line, { scale, top: (row * (GLYPH_HEIGHT + 3) + GLYPH_HEIGHT) * scale })
  }
  return encode({ width, height, data, channels: 3, depth: 8 }, { zlib: { level: 1 } })
}

/** The provider's colour, brighter towards the bottom. */
function paint(data: Uint8Array, { width, height }: Size, colour: Colour): void {
  for (let y = 0; y < height; y++) {
    const light = 1 + (0.6 * y) / height
    const row = colour.map((channel) => Math.min(255, Math.round(channel * light)))
    for (let x = 0; x < width; x++) data.set(row, (y * width + x) * 3)
  }
}

function writeLine(
  data: Uint8Array,
  { width, height }: Size,
  line: string,
  { scale, top }: { scale: number; top: number },
): void {
  const left = GLYPH_WIDTH * scale
  for (const [position, character] of [...line].entries()) {
    for (let row = 0; row < GLYPH_HEIGHT * scale; row++) {
      for (let column = 0; column < GLYPH_WIDTH * scale; column++) {
        const x = left + position * (GLYPH_WIDTH + 1) * scale + column
        const y = top + row
        if (x >= width || y >= height) continue
        if (hasInk(character, Math.floor(column / scale), Math.floor(row / scale))) {
          data.set(INK, (y * width + x) * 3)
        }
      }
    }
  }
}

function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > CHARACTERS_PER_LINE) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
