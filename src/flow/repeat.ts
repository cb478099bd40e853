/**
 * Repeats of a request that have no name: SDKs send a request again by themselves and say only that.
 *
 * Invariant: a repeat never pays for what its first try may have paid for. It gets the task of an equal
 * request of the same key: one that is open, or one that ended not long ago and is or may be paid, for
 * that is the answer which its client missed. Whatever surely cost nothing is made anew.
 *
 * Such a request is stored under an idempotency key of our own, so that equal ones lie side by side in
 * the index that is there already.
 */
import { isTerminal, storedOutputs, type Task } from '../core/task'
import { listRepeatable } from '../db/repeatable'
import { loadTask } from '../db/tasks'
import type { Ports } from './ports'

/** As long as a client may wait in silence before it gives up and repeats, and more. */
const MISSED_ANSWER_MS = 15 * 60_000
/** How many equal requests are looked at, the newest ones. */
const EQUAL_TASKS_MAX = 10
/** How many tasks an isolate remembers the answers of. */
const REMEMBERED_MAX = 1_000

/** What begins with a space is no name that a client can give: headers are trimmed. */
export function repeatableKey(fingerprint: string, taskId: string): string {
  return ` ${fingerprint} ${taskId}`
}

/** The task that a repeat belongs to, or null when there is none. */
export async function findRepeated(
  ports: Ports,
  keyId: string,
  fingerprint: string,
): Promise<Task | null> {
  const since = ports.now() - MISSED_ANSWER_MS
  const prefix = repeatableKey(fingerprint, '')
  const ids = await listRepeatable(ports.database, keyId, prefix, since, EQUAL_TASKS_MAX)
  const tasks = await Promise.all(ids.map((id) => loadTask(ports.database, id)))
  const joinable = tasks.filter((task) => task !== null).filter(isWorthJoining)
  const answers = ({ id }: Task) => ports.isolate.answers.get(id) ?? 0
  // Of several, the one that the fewest clients have or wait for; the first of them gave up first.
  return joinable.toSorted((a, b) => answers(a) - answers(b) || (a.id < b.id ? -1 : 1))[0] ?? null
}

/**
 * Notes that a client waits for this task's answer, or has it.
 *
 * @returns to be called when that client went away without it; once is enough
 */
export function noteAnswer({ isolate: { answers } }: Ports, taskId: string): () => void {
  const add = (difference: number) => {
    const count = (answers.get(taskId) ?? 0) + difference
    answers.delete(taskId)
    if (count > 0) answers.set(taskId, count)
  }
  add(1)
  const oldest = answers.keys().next()
  if (answers.size > REMEMBERED_MAX && !oldest.done) answers.delete(oldest.value)
  let isLeft = false
  return () => {
    if (!isLeft) add(-1)
    isLeft = true
  }
}

function isWorthJoining(task: Task): boolean {
  if (task.deletedAt !== null || task.status === 'canceled') return false
  const mayBePaid = task.attempts.some(({ charged }) => charged !== 'no')
  return !isTerminal(task) || mayBePaid || storedOutputs(task).length > 0
}
