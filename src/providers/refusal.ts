/**
 * Whose fault a refusal or failure is: the content's, the request's, or the provider's own.
 *
 * No provider documents a code for refused content, so the words decide. A false yes only keeps
 * the request from the next provider; a false no would shop forbidden content around.
 */
import type { Failure, FailureCause } from '../core/task'

const CONTENT_WORDS =
  /content[ _-]?(policy|filter|violation|moderation)|moderat(ion|ed)|nsfw|safety[ _-](system|check|filter|polic)|(?<!case[ -])sensitive|prohibited|inappropriate|policy[ _-]violation/i

/** Statuses that speak of our account or of the provider, not of the request. */
const OWN_STATUSES: readonly number[] = [401, 402, 403, 429, 503]

/** Whose fault a refusal with this status is; a failed job has none. */
export function causeOf(failure: Failure, status: number | null): FailureCause {
  if (CONTENT_WORDS.test(failure.code) || CONTENT_WORDS.test(failure.message)) return 'content'
  return status === null || OWN_STATUSES.includes(status) ? 'provider' : 'request'
}
