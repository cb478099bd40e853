/**
 * What can happen to a task. Every entry point (a client, a callback, the cron, a provider's
 * answer) speaks in these, and only `transition.ts` turns them into a status.
 *
 * Providers answer in the same words: a submission's or a lookup's outcome becomes an event once it
 * says which attempt it is about. What a lookup found also says by `asked` which job it was about:
 * while it was under way, the attempt may have become known under another one.
 */
import type { Charged, Failure, FailureCause, SubmittingAttempt } from './attempt'
import type { Price } from './request'
import type { Picture } from './task'

/** A submission about to be sent: recorded before the money is at risk. */
export type NewAttempt = Pick<
  SubmittingAttempt,
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

/** How a submission ended, as far as anyone can know. A price is what the provider itself named. */
export type SubmissionOutcome =
  /** The provider took the job and named it. */
  | { type: 'accepted'; reference: string; price: Price | null }
  /** The pictures are made, and the answer says where. */
  | Finished
  /** The provider refused the submission; nothing was charged. */
  | { type: 'refused'; failure: Failure; cause: FailureCause }
  | { type: 'rate_limited'; failure: Failure; retryAfterMs: number }
  /** Nobody knows whether it was taken: never to be repeated. A job that was named may be it. */
  | { type: 'lost'; failure: Failure; cause: 'provider' | 'gateway'; claim: string | null }

/** What a provider says of a job that it was asked about. */
export type LookupOutcome =
  /** It knows the job and is still at it. `note`: its status word is none of the documented ones. */
  | { type: 'pending'; note: string | null }
  | Finished
  | {
      type: 'failed'
      failure: Failure
      cause: FailureCause
      charged: Charged
      price: Price | null
    }
  /** It says that it has no such job. */
  | { type: 'missed' }
  /** It could not be asked, or said nothing of the job, perhaps when to come back. */
  | { type: 'unanswered'; reason: string; retryAfterMs: number | null }

interface Finished {
  type: 'finished'
  urls: string[]
  price: Price | null
}

interface OfAttempt {
  attemptId: string
}

interface OfLookup extends OfAttempt {
  /** The job that was asked about. */
  asked: string
}

export type AttemptEvent =
  | (OfAttempt & SubmissionOutcome)
  | (OfLookup & Exclude<LookupOutcome, { type: 'missed' }>)
  /** Said for the first time, or after having said so this often in a row: each is counted once. */
  | (OfLookup & { type: 'missed'; missesBefore: number })
  /** It was recorded and never sent. */
  | (OfAttempt & { type: 'withdrawn' })
  /** An unsigned callback says there is news, and under which provider task id. */
  | (OfAttempt & { type: 'hinted'; reference: string })
  /** The job that was asked about belongs to another attempt. */
  | (OfLookup & { type: 'unconfirmed' })
  /** The operator read in the provider's own books what became of the money. */
  | (OfAttempt & { type: 'charge_settled'; charged: 'yes' | 'no'; price: Price | null })

export type TaskEvent =
  /** The run that wins this event, and no other, may send the submissions. */
  | { type: 'opened'; attempts: NewAttempt[] }
  | AttemptEvent
  | { type: 'stored'; index: number; picture: Picture }
  | { type: 'download_failed'; index: number; reason: string }
  | { type: 'canceled' }
  /** The client wants a task that is over to be forgotten. */
  | { type: 'deleted' }
  /** Its pictures are no longer in the bucket. */
  | { type: 'erased' }
  /** It is older than what is kept: its pictures are gone, and what the client said goes too. */
  | { type: 'outdated' }
  /** The clock reached the deadline, or later the end of the recovery window. */
  | { type: 'expired' }
