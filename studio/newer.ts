/**
 * Fields that a gateway may not tell yet. The page shows them where they are, and leaves them out
 * where they are not.
 */
import type { Attempt, Output, Provider, Task, UsageRow } from '../client/index.ts'

export type ProviderFacts = Provider & {
  p95_seconds?: number | null
  /** Pictures of the last day that did not have the size that was asked for. */
  size_mismatches?: number | null
}

export type OutputFacts = Output & { size_mismatch?: boolean }

export type AttemptFacts = Attempt & { id?: string }

export type TaskFacts = Task & { key_id?: string }

export type UsageFacts = UsageRow & { unknown_usd?: number | null; unknown_credits?: number | null }

export interface HealthFacts {
  status: string
  version?: string
  last_sweep_seconds?: number | null
  oldest_due_seconds?: number | null
}
