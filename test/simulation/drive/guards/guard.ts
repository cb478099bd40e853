/** A guard that the promises rest on, and the exchange that switches it off. */
import type { Exchange } from '../bundle.ts'

export interface Guard {
  guard: string
  exchange: Exchange
}
