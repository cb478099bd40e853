/** `uuidv7` with a generator of the world's own, so that no run remembers the one before it. */
import { currentWorld } from '../world/world'

export const uuidv7 = (): string => currentWorld().identifiers.generate().toString()
