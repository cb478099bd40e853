/**
 * The nouns: what a task, an attempt and an output are.
 *
 * A task is one request for `n` pictures. It owns its attempts (paid submissions to a provider)
 * and its outputs (one slot per picture). These types hold values only; `transition.ts` is the
 * one place that knows how they may change. Times are milliseconds since the epoch.
 */

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

export const ATTEMPT_STATUSES = [
  'submitting',
  'running',
  'succeeded',
  'failed',
  'rejected',
  'unknown',
] as const
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number]

/** What is known of whether an attempt cost money. */
export const CHARGES = ['yes', 'no', 'unknown'] as const
export type Charged = (typeof CHARGES)[number]

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

/** What a provider or the network said went wrong with an attempt. */
export interface Failure {
  code: string
  message: string
}

/**
 * Whose fault a failure is. `content`: another provider would be asked to break a rule. `request`:
 * this provider can't make it. `provider`: its own or our account's, which the breaker counts.
 * `gateway`: ours.
 */
export type FailureCause = 'content' | 'request' | 'provider' | 'gateway'

/** The failure of an attempt that was never sent. */
export const NOT_SENT = 'not_sent'

/** Why an attempt ended without pictures, as far as it decides what happens next. */
export interface AttemptFailure extends Failure {
  cause: FailureCause
  /** Set when the same provider is worth asking again at this time, as after a short rate limit. */
  retryAt: number | null
}

export interface Attempt {
  id: string
  provider: ProviderId
  model: Model
  /** Position in the task's candidates. */
  candidate: number
  /** The output slots that this attempt was asked to fill. */
  indexes: number[]
  status: AttemptStatus
  /** The provider's own task id, once confirmed with our key. */
  reference: string | null
  /**
   * A task id that is not sure: an unsigned callback or an unclear answer named it, or the provider
   * denied it. It is asked for where there is no reference.
   */
  hint: string | null
  /** Its answer is the picture itself, so it may take minutes. */
  isSynchronous: boolean
  /** The provider was given a callback URL, so news may come even after an unknown outcome. */
  awaitsCallback: boolean
  /** It is not looked up before this time. */
  lookUpAt: number
  /** Look-ups in a row that the provider answered with "no such task". */
  misses: number
  price: Price
  charged: Charged
  failure: AttemptFailure | null
  startedAt: number
  /** A submission still open at this time was abandoned by its run: its outcome is unknown. */
  leaseUntil: number
  endedAt: number | null
}

/**
 * Whether its provider denied the job that it had accepted, three times in a row. It is asked for
 * all the same: the provider, or something before it, may have been wrong.
 */
export function isDenied({ status, reference, hint }: Attempt): boolean {
  return status === 'unknown' && hint !== null && hint === reference
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
  /** When the task next wants a step; null when it never will again. */
  dueAt: number | null
  /** How long after being handed out the task is due again if nothing else changed that. */
  dueIntervalMs: number
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

/** The task with other facts about one of its attempts. */
export function changeAttempt(task: Task, attempt: Attempt, changes: Partial<Attempt>): Task {
  return {
    ...task,
    attempts: task.attempts.map((other) =>
      other === attempt ? { ...attempt, ...changes } : other,
    ),
  }
}
