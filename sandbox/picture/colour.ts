/** Colours as red, green and blue from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number]

/** From `#rrggbb`. */
export function hex(text: string): Colour {
  const number = Number.parseInt(text.slice(1), 16)
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255]
}

/** The first colour at 0, the second at 1. */
export function mix(one: Colour, other: Colour, share: number): Colour {
  const at = (i: 0 | 1 | 2) => one[i] + (other[i] - one[i]) * share
  return [at(0), at(1), at(2)]
}
