/**
 * The nouns: what a task and an output are.
 *
 * A task is one request for `n` pictures. It owns its attempts (paid submissions to a provider,
 * `attempt.ts`) and its outputs (one slot per picture). These types hold values only; `transition.ts`
 * is the one place that knows how they may change. Times are milliseconds since the epoch.
 */
import type { Attempt } from './attempt'

export const PROVIDER_IDS = [
  'aivideoapi.ai',
  'gptimage2api.org',
  'gptimage2.ai',
  'nanobananaapi.dev',
] as const
export type ProviderId = (typeof PROVIDER_IDS)[number]

export const MODELS = [
  'gpt-image-2',
  'nano-banana-2',
  'nano-banana-pro',
  'google/nano-banana',
  'gemini-3-pro-image-preview',
  'gemini-3.1-flash-image-preview',
] as const
export type Model = (typeof MODELS)[number]

export const RESOLUTIONS = ['1k', '2k', '4k'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

export const QUALITIES = ['low', 'medium', 'high', 'auto'] as const
export type Quality = (typeof QUALITIES)[number]

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [name: string]: JsonValue }
export type JsonObject = { [name: string]: JsonValue }

/** How `auto` and `providers` are ordered. */
export const ROUTES = ['order', 'cheapest', 'fastest'] as const
export type Route = (typeof ROUTES)[number]

/** What the picture should be. Wire names, because the request is stored and echoed as accepted. */
export interface ImageRequest {
  model: Model
  n: number
  prompt?: string
  image_urls?: string[]
  aspect_ratio?: string
  resolution?: Resolution
  size?: string
  quality?: Quality
  negative_prompt?: string
  seed?: string
  provider_options?: Partial<Record<ProviderId, JsonObject>>
}

/** Wishes of a request that not every provider has a field for. */
export const WISHES = [
  'aspect_ratio',
  'resolution',
  'size',
  'quality',
  'negative_prompt',
  'seed',
] as const
export type Wish = (typeof WISHES)[number]

/** An image request with the client's wishes about providers, money, time and delivery. */
export interface TaskRequest extends ImageRequest {
  provider?: ProviderId | 'auto'
  providers?: ProviderId[]
  fallback_models?: Model[]
  max_usd?: number
  route?: Route
  failover_on_refusal?: boolean
  resubmit_on_unknown?: boolean
  deadline_seconds?: number
  callback_url?: string
  metadata?: Record<string, string>
}

export const TASK_STATUSES = ['queued', 'processing', 'succeeded', 'failed', 'canceled'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

/** One provider and model that may make the pictures; a task tries its candidates in order. */
export interface Candidate {
  provider: ProviderId
  model: Model
}

/** Credits as the provider counts them, and dollars where a credit has a known price. */
export interface Price {
  credits: number | null
  usd: number | null
}

/** A picture in the bucket. */
export interface Picture {
  contentType: string
  bytes: number
  width: number | null
  height: number | null
  sha256: string
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
