/** Prompts that show something off: words, light, hands, order, styles. */
const PROMPTS = [
  'A lighthouse keeper’s kitchen at dawn, steam over a copper kettle, storm light through salted glass, oil on canvas',
  'An isometric cutaway of a night library inside a whale, warm lamps, tiny readers, paper-craft style',
  'A poster for a jazz night in 1962 that says “BLUE HOUR” in hand-cut letters, three colours, visible print grain',
  'Macro photograph of frost flowers on a bicycle bell, shallow focus, first sun, 100 mm',
  'A fox in a yellow raincoat waiting for the last tram, neon reflected in puddles, cinematic still',
  'Botanical plate of an invented fruit, cross-section and leaf, labelled in careful copperplate, aged paper',
  'A street market on a space station, hydroponic lemons, paper lanterns, gouache',
  'Product photograph of a ceramic teapot shaped like a folded letter, soft shadow on linen',
  'A subway map of the human heart, clean vector, legend at lower left, off-white background',
  'Two hands mending a gold-veined bowl, window light from the left, quiet, 85 mm portrait lens',
  'A brutalist greenhouse in a desert at blue hour, one lit window, wide shot, large-format film',
  'A child’s drawing of a dragon come alive, crayon texture lifting off the page, studio light',
] as const

/** Another one than the one that is there. */
export function surprise(current: string): string {
  const others = PROMPTS.filter((prompt) => prompt !== current)
  return others[Math.floor(Math.random() * others.length)] ?? PROMPTS[0]
}
