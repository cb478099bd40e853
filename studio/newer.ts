/**
 * Fields that a gateway may not tell yet. The page shows them where they are, and leaves them out
 * where they are not.
 */
import type { Attempt, Output, Provider, ProviderId, Task, UsageRow } from '../client/index.ts'

export type ProviderFacts = Provider & {
  p95_seconds?: number | null
  /** Pictures of the last day that did not have the size that was asked for. */
  size_mismatches?: number | null
}

export type OutputFacts = Output & { size_mismatch?: boolean }

export type AttemptFacts = Attempt & { id?: string }

export type TaskFacts = Task & { key_id?: string }

/** A row of the usage that is grouped by day, provider and key. */
export type UsageFacts = Pick<UsageRow, 'images' | 'usd' | 'unknown' | 'key_id'> & {
  day: string
  provider: ProviderId
}

export function usageFacts(rows: readonly UsageRow[]): UsageFacts[] {
  return rows.flatMap(({ day, provider, ...row }) =>
    day === undefined || provider === undefined ? [] : [{ ...row, day, provider }],
  )
}

export interface HealthFacts {
  status: string
  version?: string
  last_sweep_seconds?: number | null
  oldest_due_seconds?: number | null
}
