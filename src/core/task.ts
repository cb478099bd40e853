/**
 * The nouns: what a task and an output are.
 *
 * A task is one request for `n` pictures. It owns its attempts (paid submissions to a provider,
 * `attempt.ts`) and its outputs (one slot per picture). These types hold values only; `transition.ts`
 * is the one place that knows how they may change. Times are milliseconds since the epoch.
 */
import type { Attempt } from './attempt'
import type { Candidate, TaskRequest } from './request'

export const TASK_STATUSES = ['queued', 'processing', 'succeeded', 'failed', 'canceled'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

/** A picture in the bucket. */
export interface Picture {
  contentType: string
  bytes: number
  width: number | null
  height: number | null
  sha256: string
  /** It carries a signed statement of its origin (C2PA), as its first bytes show. */
  contentCredentials: boolean
  /** Its pixels are not those that were asked for. */
  sizeMismatch: boolean
  storedAt: number
}

/** A picture that a provider says it finished: first an address, then bytes of our own. */
export interface Output {
  index: number
  attemptId: string
  /** Where the provider serves it; null once stored or given up. */
  sourceUrl: string | null
  /** Failed downloads so far. */
  faults: number
  lastFault: string | null
  /** When the next download is due. */
  retryAt: number
  picture: Picture | null
}

export const TASK_FAILURE_CODES = [
  'provider_rejected',
  'provider_failed',
  'content_refused',
  'submit_outcome_unknown',
  'timed_out',
  'output_unavailable',
  'partial_outputs',
  'all_providers_failed',
] as const
export type TaskFailureCode = (typeof TASK_FAILURE_CODES)[number]

export interface TaskFailure {
  code: TaskFailureCode
  message: string
  type: 'invalid_request_error' | 'upstream_error'
}

export interface Task {
  id: string
  keyId: string
  status: TaskStatus
  /** Grows by one with every write; the compare-and-set of every transition. */
  version: number
  request: TaskRequest
  candidates: Candidate[]
  createdAt: number
  deadlineAt: number
  completedAt: number | null
  /** When the cron hands it to its runner if nothing changes before; null when nothing is left to do. */
  dueAt: number | null
  error: TaskFailure | null
  /** Dollars held against the key's spend limits; null for a key without any. */
  reservedUsd: number | null
  /** When the client deleted it: what is left is the ledger. */
  deletedAt: number | null
  attempts: Attempt[]
  outputs: Output[]
}

export function isTerminal(task: Pick<Task, 'status'>): boolean {
  return task.status === 'succeeded' || task.status === 'failed' || task.status === 'canceled'
}

/** A picture that was announced but is neither stored nor given up. */
export function isPending(output: Output): output is Output & { sourceUrl: string } {
  return output.picture === null && output.sourceUrl !== null
}

export function storedOutputs(task: Task): Array<Output & { picture: Picture }> {
  return task.outputs.filter(
    (output): output is Output & { picture: Picture } => output.picture !== null,
  )
}

/** The task with one of its attempts as it is now. */
export function withAttempt(task: Task, before: Attempt, after: Attempt): Task {
  return {
    ...task,
    attempts: task.attempts.map((other) => (other === before ? after : other)),
  }
}
