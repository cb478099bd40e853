/**
 * Whose fault a refusal or failure is: the content's, the request's, or the provider's own.
 *
 * No provider documents a code for refused content, so the words decide. A false yes only keeps
 * the request from the next provider; a false no would shop forbidden content around.
 */
import type { Failure, FailureCause } from '../core/attempt'

const CONTENT_WORDS = new RegExp(
  [
    'content[ _-]?(polic(y|ies)|filter|violation|moderation)',
    'content(?![ -]type).{0,30}(blocked|flagged|not allowed|rejected)',
    '(blocked|flagged|rejected).{0,30}content',
    'prompt.{0,30}(blocked|flagged|rejected)',
    'moderat(ion|ed)|nsfw|unsafe|harmful|prohibited|inappropriate|(?<!case[ -])sensitive',
    'safety[ _-](system|check|filter|polic)',
    'policy[ _-]violation|violat(es|ed|ing|ion).{0,40}(polic(y|ies)|guidelines)',
    'community[ _-]guidelines|usage[ _-]polic(y|ies)',
  ].join('|'),
  'i',
)

/** Statuses that speak of our account or of the provider, not of the request. */
const OWN_STATUSES: readonly number[] = [401, 402, 403, 429, 503]

/** Whose fault a refusal with this status is; a failed job has none. */
export function causeOf(failure: Failure, status: number | null): FailureCause {
  if (CONTENT_WORDS.test(failure.code) || CONTENT_WORDS.test(failure.message)) return 'content'
  return status === null || OWN_STATUSES.includes(status) ? 'provider' : 'request'
}
