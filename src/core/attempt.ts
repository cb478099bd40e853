/**
 * An attempt: one paid submission to one provider, and what is known of it.
 *
 * Each status has exactly the facts that it can have, so a state that can't be is not spelled. What
 * an attempt is about is its job: the provider's own task, as far as its name is known and sure.
 * How attempts change is for `attempt-transition.ts` alone. Times are milliseconds since the epoch.
 */
import type { Model, Price, ProviderId } from './request'

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

/** Nobody named a job. */
interface NoJob {
  kind: 'none'
}
/** An unsigned callback or an unclear answer named it: it is looked up before it is believed. */
interface ClaimedJob {
  kind: 'claimed'
  reference: string
}
/** The provider, asked with our key, said that it is this attempt's. */
interface ConfirmedJob {
  kind: 'confirmed'
  reference: string
}
/**
 * The provider had confirmed it and then denied it, several times in a row. It is looked up all the
 * same: the provider, or something before it, may have been wrong.
 */
interface DeniedJob {
  kind: 'denied'
  reference: string
}
/** It was looked up for as long as that makes sense. Only a callback brings it back. */
interface AbandonedJob {
  kind: 'abandoned'
  reference: string
}

export const NO_JOB: NoJob = { kind: 'none' }

interface AttemptFacts {
  id: string
  provider: ProviderId
  model: Model
  /** Position in the task's candidates. */
  candidate: number
  /** The output slots that this attempt was asked to fill. */
  indexes: number[]
  /** Its answer is the picture itself, so it may take minutes. */
  isSynchronous: boolean
  /** The provider was given a callback URL, so news may come even after an unknown outcome. */
  awaitsCallback: boolean
  /** It is not looked up before this time. */
  lookUpAt: number
  /** Lookups in a row that the provider answered with "no such task". */
  misses: number
  price: Price
  startedAt: number
  /** A submission still open at this time was abandoned by its run: its outcome is unknown. */
  leaseUntil: number
}

/** Recorded, and sent by the run that recorded it; nothing was answered yet. */
export interface SubmittingAttempt extends AttemptFacts {
  status: 'submitting'
  job: NoJob | ClaimedJob
  charged: 'unknown'
  failure: null
  endedAt: null
}

/** The provider has the job. It may be charged already, while its pictures are not there yet. */
export interface RunningAttempt extends AttemptFacts {
  status: 'running'
  job: ConfirmedJob
  charged: 'unknown' | 'yes'
  failure: null
  endedAt: null
}

export interface SucceededAttempt extends AttemptFacts {
  status: 'succeeded'
  /** None where the submission's own answer brought the pictures. */
  job: NoJob | ConfirmedJob
  charged: 'yes'
  failure: null
  endedAt: number
}

/** The provider took the job and could not make it. */
export interface FailedAttempt extends AttemptFacts {
  status: 'failed'
  job: NoJob | ConfirmedJob
  charged: Charged
  failure: AttemptFailure
  endedAt: number
}

/** The provider definitely did not take the submission, or it was never sent. */
export interface RejectedAttempt extends AttemptFacts {
  status: 'rejected'
  job: NoJob
  charged: 'no'
  failure: AttemptFailure
  endedAt: number
}

/** Nobody knows whether the provider took it, or it forgot what it had taken. */
export interface UnknownAttempt extends AttemptFacts {
  status: 'unknown'
  job: NoJob | ClaimedJob | DeniedJob | AbandonedJob
  charged: Charged
  failure: AttemptFailure
  endedAt: number
}

export type Attempt =
  | SubmittingAttempt
  | RunningAttempt
  | SucceededAttempt
  | FailedAttempt
  | RejectedAttempt
  | UnknownAttempt

/** One of which news may come: its submission is unanswered, unclear, or taken. */
export type OpenAttempt = SubmittingAttempt | RunningAttempt | UnknownAttempt

export function isOpen(attempt: Attempt): attempt is OpenAttempt {
  const { status } = attempt
  return status === 'submitting' || status === 'running' || status === 'unknown'
}

/** Whether the submission's own answer would still say something new, however late it comes. */
export function isUnanswered(attempt: Attempt): attempt is SubmittingAttempt | UnknownAttempt {
  return attempt.status === 'submitting' || attempt.status === 'unknown'
}

/** The provider's name of the job, sure or not; null when none is known. */
export function referenceOf({ job }: Pick<Attempt, 'job'>): string | null {
  return job.kind === 'none' ? null : job.reference
}

/** Whether a lookup of its job could bring news. */
export function canBeLookedUp({ status, job }: Attempt): boolean {
  if (status === 'running') return true
  const isOver = status !== 'submitting' && status !== 'unknown'
  return !isOver && (job.kind === 'claimed' || job.kind === 'denied')
}

/** Attempts that may still bring a picture by themselves. */
export function isLive(attempt: Attempt): boolean {
  if (attempt.status === 'submitting' || canBeLookedUp(attempt)) return true
  return attempt.status === 'unknown' && attempt.awaitsCallback
}

/** Whether its task waits for it: no longer for a job that was denied, unless that was to call back. */
export function isAwaited(attempt: Attempt): boolean {
  return isLive(attempt) && (attempt.awaitsCallback || attempt.job.kind !== 'denied')
}

/** Whether the run that recorded the submission must be dead by now. */
export function isLeaseOver(attempt: Attempt, now: number): boolean {
  return attempt.status === 'submitting' && attempt.leaseUntil <= now
}

/** Whether it is over, and what it cost is still not known. */
export function isChargeOpen(attempt: Attempt): boolean {
  return attempt.endedAt !== null && attempt.charged === 'unknown'
}
