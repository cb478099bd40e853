/** Ids of tasks sort by time: what an id tells of when it was made, and the other way round. */

const PREFIX = 'task_'
/** Of a UUID of version 7: its first 48 bits are milliseconds since the epoch. */
const TIME_DIGITS = 12

/** No id that was made at this time or later sorts before it. */
export function firstIdAt(milliseconds: number): string {
  const time = Math.min(Math.max(Math.floor(milliseconds), 0), 2 ** 48 - 1)
  return PREFIX + time.toString(16).padStart(TIME_DIGITS, '0')
}

/** When it was made, in milliseconds since the epoch. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(PREFIX.length, PREFIX.length + TIME_DIGITS), 16)
}
