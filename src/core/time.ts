/** Times as clients read them. Everywhere else they are milliseconds since the epoch. */

export const DAY_MS = 24 * 60 * 60_000

/** ISO 8601 in UTC; null stays null. */
export function isoTime(milliseconds: number): string
export function isoTime(milliseconds: number | null): string | null
export function isoTime(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString()
}
