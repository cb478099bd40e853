/** The guards that the promises rest on, each with the exchange that switches it off. */
import type { Guard } from './guards/guard.ts'
import { OUTSIDE_GUARDS } from './guards/outside.ts'
import { RECORD_GUARDS } from './guards/records.ts'

export const GUARDS: readonly Guard[] = [...RECORD_GUARDS, ...OUTSIDE_GUARDS]
