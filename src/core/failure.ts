/**
 * Why a task failed, in one error that a client can act on.
 *
 * Of a task without a picture the code answers "may I have paid?" before anything else: a
 * submission whose outcome is unknown is never hidden behind a friendlier code.
 */
import { type Attempt, isLive, NOT_SENT, referenceOf } from './attempt'
import { isPending, storedOutputs, type Task, type TaskFailure, type TaskFailureCode } from './task'

/** The error of a task that ends now without all its pictures, at its deadline or before. */
export function failureOf(task: Task): TaskFailure {
  const code = codeOf(task)
  return {
    code,
    message: messageOf(task, code),
    type: code === 'content_refused' ? 'invalid_request_error' : 'upstream_error',
  }
}

function codeOf(task: Task): TaskFailureCode {
  if (storedOutputs(task).length > 0) return 'partial_outputs'
  if (task.outputs.some(isPending)) return 'output_unavailable'
  const inFlight = task.attempts.filter(
    (attempt) => isLive(attempt) && attempt.status !== 'unknown',
  )
  if (inFlight.some((attempt) => attempt.charged === 'yes')) return 'output_unavailable'
  if (task.attempts.some(isUnknownSubmission)) return 'submit_outcome_unknown'
  if (inFlight.length > 0) return 'timed_out'
  if (isContentRefusal(task)) return 'content_refused'
  const last = task.attempts.at(-1)
  if (!last || last.failure?.code === NOT_SENT) return 'timed_out'
  if (triedProviders(task).length > 1) return 'all_providers_failed'
  return last.status === 'rejected' ? 'provider_rejected' : 'provider_failed'
}

/**
 * A job that was accepted and then forgotten by its provider failed there; it was submitted. A
 * synchronous call that is still open is at work on its picture.
 */
function isUnknownSubmission(attempt: Attempt): boolean {
  const { status, job, isSynchronous } = attempt
  if (status === 'submitting') return !isSynchronous
  return status === 'unknown' && (job.kind === 'claimed' || referenceOf(attempt) === null)
}

/** One refusal of the content ends a task; with `failover_on_refusal` only when all refused. */
function isContentRefusal(task: Task): boolean {
  const refused = task.attempts.filter((attempt) => attempt.failure?.cause === 'content')
  return task.request.failover_on_refusal
    ? refused.length > 0 && refused.length === task.attempts.length
    : refused.length > 0
}

function messageOf(task: Task, code: TaskFailureCode): string {
  switch (code) {
    case 'partial_outputs': {
      const missing = missingIndexes(task).length
      return `${missing} of ${task.request.n} pictures ${missing === 1 ? 'is' : 'are'} missing: ${missingReasons(task)}`
    }
    case 'output_unavailable': {
      const output = task.outputs.find(isPending)
      return `The provider finished, but its picture could not be fetched before the deadline: ${output ? (output.lastFault ?? 'the download was still under way') : 'it named no address'}.`
    }
    case 'timed_out':
      return task.attempts.every(({ failure }) => failure?.code === NOT_SENT)
        ? 'The deadline passed before a provider could be asked.'
        : 'The deadline passed before a provider finished. A picture that still comes is stored and announced.'
    case 'submit_outcome_unknown':
      return `Nobody can tell whether the provider took the job${task.request.resubmit_on_unknown ? '' : ', so it was not sent again'}: ${reasonsByProvider(task)}`
    default:
      return reasonsByProvider(task)
  }
}

function missingIndexes(task: Task): number[] {
  const stored = new Set(storedOutputs(task).map((output) => output.index))
  return Array.from({ length: task.request.n }, (_, index) => index).filter(
    (index) => !stored.has(index),
  )
}

function missingReasons(task: Task): string {
  return missingIndexes(task)
    .map((index) => {
      const fault = task.outputs.find((output) => output.index === index)?.lastFault
      const attempt = task.attempts.findLast((candidate) => candidate.indexes.includes(index))
      return `output ${index}: ${fault ?? (attempt ? reasonOf(attempt) : 'not asked for')}`
    })
    .join('; ')
}

function reasonsByProvider(task: Task): string {
  return triedProviders(task)
    .map((provider) => {
      const last = task.attempts.findLast((attempt) => attempt.provider === provider)
      return last ? reasonOf(last) : provider
    })
    .join('; ')
}

function reasonOf(attempt: Attempt): string {
  if (attempt.failure) return `${attempt.provider}: ${attempt.failure.message}`
  return attempt.status === 'succeeded'
    ? `${attempt.provider}: made fewer pictures than it was asked for`
    : `${attempt.provider}: had not finished`
}

function triedProviders(task: Task): string[] {
  return [...new Set(task.attempts.map((attempt) => attempt.provider))]
}
