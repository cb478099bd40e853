/** How many more tasks a key may make in this minute, as the answer's headers say it. */

import type { Limits } from '../core/spending'
import { WINDOW_MS, type Window } from '../db/limits'

/** None for a key without a rate limit. */
export function rateLimitHeaders(
  { rateLimitPerMinute }: Limits,
  window: Window | null,
  now: number,
): Partial<Record<'RateLimit-Limit' | 'RateLimit-Remaining' | 'RateLimit-Reset', string>> {
  if (rateLimitPerMinute === null || !window) return {}
  return {
    'RateLimit-Limit': String(rateLimitPerMinute),
    'RateLimit-Remaining': String(Math.max(0, rateLimitPerMinute - window.tasks)),
    'RateLimit-Reset': String(secondsLeft(window, now)),
  }
}

export function secondsLeft(window: Window | null, now: number): number {
  const endsAt = (window?.startedAt ?? now) + WINDOW_MS
  return Math.max(1, Math.ceil((endsAt - now) / 1000))
}
