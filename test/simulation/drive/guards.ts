/** Every guard there is. */
import type { Guard } from './guard.ts'
import { TASK_GUARDS } from './task-guards.ts'
import { TRUST_GUARDS } from './trust-guards.ts'

export const GUARDS: readonly Guard[] = [...TASK_GUARDS, ...TRUST_GUARDS]
