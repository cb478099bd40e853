/** The `Retry-After` header: seconds or a date. */

/** Milliseconds from `now`, or null when there is none that can be read. */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header) * 1000)
  // A date without a letter is none of HTTP's, but much else is read as one.
  const date = /[a-z]/i.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
