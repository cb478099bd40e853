/** By what each provider's pictures are known: colours, the line of the land, and a mark. */
import type { Shape } from './canvas.ts'
import { type Colour, hex } from './colour.ts'
import { crescent, hoop, polygon } from './shapes.ts'

export interface Look {
  /** From the top of the sky down to the horizon. */
  sky: readonly [Colour, Colour]
  /** From the farthest land to the nearest, on which the words stand. */
  land: readonly [Colour, Colour]
  light: Colour
  ink: Colour
  terrain: Terrain
  mark: (x: number, y: number, radius: number) => Shape
}

export type Terrain = 'peaks' | 'hills' | 'dunes' | 'waves'

const LOOKS: Record<string, Look> = {
  'aivideoapi.ai': {
    sky: [hex('#141b4d'), hex('#e58fb0')],
    land: [hex('#8c7bb8'), hex('#15163b')],
    light: hex('#ffe9d6'),
    ink: hex('#f7efff'),
    terrain: 'peaks',
    mark: (x, y, radius) => polygon(x, y, radius, 3),
  },
  'gptimage2api.org': {
    sky: [hex('#1f6f78'), hex('#f3e3b3')],
    land: [hex('#8fb996'), hex('#0f3d3e')],
    light: hex('#fff6d5'),
    ink: hex('#f3faf0'),
    terrain: 'hills',
    mark: (x, y, radius) => hoop(x, y, radius, radius * 0.55),
  },
  'gptimage2.ai': {
    sky: [hex('#5a1f3d'), hex('#ffb36b')],
    land: [hex('#e0784f'), hex('#431a23')],
    light: hex('#fff0c9'),
    ink: hex('#fff3e6'),
    terrain: 'dunes',
    mark: (x, y, radius) => polygon(x, y, radius, 4),
  },
  'nanobananaapi.dev': {
    sky: [hex('#2f86b5'), hex('#fdf0a6')],
    land: [hex('#5cb8c4'), hex('#114b66')],
    light: hex('#ffd23f'),
    ink: hex('#fffbe3'),
    terrain: 'waves',
    mark: crescent,
  },
}

/** Of a provider that has no look of its own yet. */
const PLAIN: Look = {
  sky: [hex('#3d4450'), hex('#cfd3da')],
  land: [hex('#8d95a3'), hex('#23272f')],
  light: hex('#ffffff'),
  ink: hex('#ffffff'),
  terrain: 'hills',
  mark: (x, y, radius) => polygon(x, y, radius, 6),
}

export function lookOf(provider: string): Look {
  return LOOKS[provider] ?? PLAIN
}
