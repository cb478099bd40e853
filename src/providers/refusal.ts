/**
 * Telling a refusal of the content from any other refusal.
 *
 * No provider documents a code for it, so the words decide. A false yes only keeps the request
 * from the next provider; a false no would shop forbidden content around.
 */
import type { Failure } from '../core/task'

const WORDS =
  /content[ _-]?(policy|filter|violation|moderation)|moderat(ion|ed)|nsfw|safety[ _-](system|check|filter|polic)|sensitive|prohibited|inappropriate|policy[ _-]violation/i

export function isContentRefusal(failure: Failure): boolean {
  return WORDS.test(failure.code) || WORDS.test(failure.message)
}
