/** What is used of `opentype.js`, which brings no types of its own. */
declare module 'opentype.js/dist/opentype.mjs' {
  /** Coordinates in pixels, y growing downwards; without some of them where a command has none. */
  export interface PathCommand {
    type: 'M' | 'L' | 'C' | 'Q' | 'Z'
    x: number
    y: number
    x1: number
    y1: number
    x2: number
    y2: number
  }

  export interface Font {
    charToGlyphIndex(character: string): number
    getAdvanceWidth(text: string, fontSize: number): number
    getPath(text: string, x: number, y: number, fontSize: number): { commands: PathCommand[] }
  }

  export function parse(font: ArrayBuffer): Font
}
