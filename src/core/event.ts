/**
 * What can happen to a task. Every entry point (a client, a callback, the cron, a provider's
 * answer) speaks in these, and only `transition.ts` turns them into a status.
 *
 * What a look-up found says by `asked` which job it was about: while it was under way, the attempt
 * may have become known under another one.
 */
import type { Attempt, Charged, Failure, FailureCause, Picture, Price } from './task'

/** A submission about to be sent: recorded before the money is at risk. */
export type NewAttempt = Pick<
  Attempt,
  | 'id'
  | 'provider'
  | 'model'
  | 'candidate'
  | 'indexes'
  | 'isSynchronous'
  | 'awaitsCallback'
  | 'price'
  | 'startedAt'
  | 'leaseUntil'
>

export type TaskEvent =
  /** The run that wins this event, and no other, may send the submissions. */
  | { type: 'opened'; attempts: NewAttempt[] }
  /** The provider took the job and named it. */
  | {
      type: 'accepted'
      attemptId: string
      reference: string
      price: Price | null
      pollIntervalMs: number
    }
  /** The provider refused the submission; nothing was charged. */
  | { type: 'refused'; attemptId: string; failure: Failure; cause: FailureCause }
  | { type: 'rate_limited'; attemptId: string; failure: Failure; retryAfterMs: number }
  /** It was recorded and never sent. */
  | { type: 'withdrawn'; attemptId: string }
  /** Nobody knows whether the submission was taken; a job that was named may be it. */
  | {
      type: 'lost'
      attemptId: string
      failure: Failure
      cause: 'provider' | 'gateway'
      hint: string | null
    }
  /** An unsigned callback says there is news, and under which provider task id. */
  | { type: 'hinted'; attemptId: string; reference: string }
  /** The job that was asked for belongs to another attempt. */
  | { type: 'unconfirmed'; attemptId: string; asked: string }
  /** The provider knows the job and is still at it. */
  | { type: 'pending'; attemptId: string; asked: string }
  /** The provider says it has no such job, after having said so this often in a row. */
  | { type: 'missed'; attemptId: string; asked: string; missesBefore: number }
  /** The provider could not be asked, or said nothing of the job, perhaps when to come back. */
  | { type: 'unanswered'; attemptId: string; asked: string; retryAfterMs: number | null }
  /** The pictures are made, as a look-up says or, where nothing was asked, the submission's answer. */
  | {
      type: 'finished'
      attemptId: string
      asked: string | null
      urls: string[]
      price: Price | null
    }
  | {
      type: 'failed'
      attemptId: string
      asked: string
      failure: Failure
      cause: FailureCause
      charged: Charged
      price: Price | null
    }
  | { type: 'stored'; index: number; picture: Picture }
  | { type: 'download_failed'; index: number; reason: string }
  | { type: 'canceled' }
  /** The client wants a task that is over to be forgotten. */
  | { type: 'deleted' }
  /** Its pictures are no longer in the bucket. */
  | { type: 'erased' }
  /** The clock reached the deadline, or later the end of the recovery window. */
  | { type: 'expired' }
