/** Every provider that is played, in the order of the documentation. */
import type { PlayedProvider } from '../provider.ts'
import { aivideoapi } from './aivideoapi.ai.ts'
import { gptimage2 } from './gptimage2.ai.ts'
import { gptimage2api } from './gptimage2api.org.ts'
import { nanobananaapi } from './nanobananaapi.dev.ts'

export const PROVIDERS: readonly PlayedProvider[] = [
  aivideoapi,
  gptimage2api,
  gptimage2,
  nanobananaapi,
]
