/** A five by seven pixel alphabet. Each character of a glyph is one row: five bits in base 32. */
const GLYPHS: Record<string, string> = {
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllla',
  X: 'hha4ahh',
  Y: 'hha4444',
  Z: 'v1248gv',
  '0': 'ehjlphe',
  '1': '4c4444e',
  '2': 'eh1248v',
  '3': 'v2421he',
  '4': '26aiv22',
  '5': 'vgu11he',
  '6': '68guhhe',
  '7': 'v124888',
  '8': 'ehhehhe',
  '9': 'ehhf12c',
  ' ': '0000000',
  '.': '00000cc',
  ',': '0000448',
  '-': '000e000',
  _: '000000v',
  ':': '0cc0cc0',
  '/': '01248g0',
  '!': '4444404',
  '?': 'eh12404',
  "'": '4400000',
  '"': 'aa00000',
  '(': '2488842',
  ')': '8422248',
  '+': '044v440',
  '=': '00v0v00',
  '#': 'aavavaa',
}
const UNKNOWN = 'vhhhhhv'

export const GLYPH_WIDTH = 5
export const GLYPH_HEIGHT = 7

/** Whether the glyph of a character has ink at a column and row. */
export function hasInk(character: string, column: number, row: number): boolean {
  const glyph = GLYPHS[character.toUpperCase()] ?? UNKNOWN
  const bits = Number.parseInt(glyph.charAt(row), 32)
  return ((bits >> (GLYPH_WIDTH - 1 - column)) & 1) === 1
}
