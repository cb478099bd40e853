/** The codes with which a dialect may refuse to make a task, and with which the task may end. */

/** Besides what a request's body may be refused for. */
export const TASK_REFUSALS = [
  'model_not_found',
  'task_not_found',
  'idempotency_key_reused',
  'no_eligible_provider',
  'rate_limit_exceeded',
  'spend_limit_exceeded',
  'no_provider_configured',
] as const

/** How a task may end without a picture. */
export const TASK_FAILURES = [
  'content_refused',
  'submit_outcome_unknown',
  'task_canceled',
  'output_unavailable',
  'partial_outputs',
  'provider_rejected',
  'provider_failed',
  'all_providers_failed',
  'timed_out',
] as const
