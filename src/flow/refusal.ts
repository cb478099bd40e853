/** Everything that the flow may refuse a client. `handlers/refusals.ts` says what it is told. */
import type { Quote } from '../core/routing'
import type { Limits } from '../core/spending'
import type { LimitName, Window } from '../db/limits'

export type Refusal =
  | { code: 'task_not_found' }
  | { code: 'callback_not_found' }
  | { code: 'delivery_not_found' }
  | { code: 'task_not_cancelable' }
  | { code: 'task_not_terminal' }
  | { code: 'idempotency_key_reused' }
  | { code: 'no_provider_configured' }
  | { code: 'no_eligible_provider'; quotes: Quote[] }
  | OverLimit

export interface OverLimit {
  code: 'over_limit'
  limit: LimitName
  client: Limits
  /** The minute that is being counted. */
  window: Window | null
  now: number
}
