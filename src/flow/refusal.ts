/** Everything that the flow may refuse a client. `handlers/refusals.ts` says what it is told. */
import type { Quote } from '../core/routing'
import type { Limits } from '../core/spending'
import type { LimitName, Window } from '../db/limits'

/** What is known beside each code. */
interface Details {
  task_not_found: unknown
  callback_not_found: unknown
  delivery_not_found: unknown
  attempt_not_found: unknown
  task_not_cancelable: unknown
  task_not_terminal: unknown
  charge_known: unknown
  idempotency_key_reused: unknown
  unknown_model: { field: 'model' | 'fallback_models'; name: string; known: string[] }
  /** One of `image_urls`; `reason` follows its name. */
  unusable_reference: { index: number; reason: string }
  no_provider_configured: unknown
  no_eligible_provider: { quotes: Quote[] }
  over_limit: OverLimit
}

export interface OverLimit {
  limit: LimitName
  client: Limits
  /** The minute that is being counted. */
  window: Window | null
  now: number
}

export type RefusalCode = keyof Details

/** A verb names the codes that it may refuse with. */
export type Refusal<Code extends RefusalCode = RefusalCode> = {
  [Each in Code]: { code: Each } & Details[Each]
}[Code]
