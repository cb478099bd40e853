/**
 * The id of an attempt tells which task it belongs to, so no index is needed to find the one by the other.
 *
 * It is the task's, which attempt of the task it is, and a part that no other run can have guessed: two
 * runs that record the same attempt at once know by its id which of them may send it.
 */

const PATTERN = /^att_([0-9a-f]{32})_/
const ORDINAL_DIGITS = 3
const RANDOM_DIGITS = 12

/**
 * @param ordinal how many attempts of the task come before it
 * @param unique an id that nobody else has, of which the end is random
 */
export function attemptIdOf(taskId: string, ordinal: number, unique: string): string {
  const own = String(ordinal).padStart(ORDINAL_DIGITS, '0') + unique.slice(-RANDOM_DIGITS)
  return `att_${taskId.slice(taskId.indexOf('_') + 1)}_${own}`
}

/** Null for what can't be an attempt's id, and for those of releases whose ids did not tell. */
export function taskIdOfAttempt(attemptId: string): string | null {
  const [, digits] = PATTERN.exec(attemptId) ?? []
  return digits === undefined ? null : `task_${digits}`
}
