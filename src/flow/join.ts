/**
 * Requests without a name of their own, which join an equal one of the same key instead of paying again.
 *
 * Equal requests stand in a line: each is stored under an idempotency key of ours, which says what was
 * asked for and which task it comes after. Whoever may join looks for a task in the line first.
 *
 * Invariant: the unique index gives each place in the line once. So of two that saw the same end of it
 * one comes too late, whatever happened to it on the way, and has to look again.
 */
import type { TaskRequest } from '../core/request'
import { type Result, success } from '../core/result'
import { isTerminal, storedOutputs, type Task } from '../core/task'
import { listEqual } from '../db/equal'
import { loadTask } from '../db/tasks'
import { type Accepted, type AcceptRefusalCode, accept, type Client, fingerprintOf } from './accept'
import type { Ports } from './ports'
import type { Refusal } from './refusal'

/** As long as a client may wait in silence before it gives up and repeats, and more. */
const MISSED_ANSWER_MS = 15 * 60_000
/** How many equal requests are looked at, the newest ones. */
const EQUAL_TASKS_MAX = 20
/** How often a place is tried before the request stands aside, so that a crowd gets through. */
const PLACES_MAX = 3
/** How many tasks an isolate remembers the answers of. */
const REMEMBERED_MAX = 1_000

interface Line {
  /** Of its keys. It begins with a space, which no client can send: names are trimmed. */
  prefix: string
  /** Asked after each look, which may have been slow. */
  mayJoin(): boolean
  /** How long ago a task may have ended. */
  endedWithinMs: number
}

type Acceptance = Result<Accepted, Refusal<AcceptRefusalCode>>

/**
 * From a client that calls again when it heard nothing: while a task is open, an equal call gets it.
 * After its end an equal call is a new picture.
 *
 * @param identity what makes two calls equal
 */
export async function acceptCall(
  ports: Ports,
  client: Client,
  request: TaskRequest,
  identity: unknown,
): Promise<Acceptance> {
  const prefix = ` equal ${await fingerprintOf(identity)} `
  const line = { prefix, mayJoin: () => true, endedWithinMs: 0 }
  return acceptInLine(ports, client, request, identity, line)
}

/**
 * From a client that marks what it sends again: two equal requests are two pictures, but a repeat gets
 * the task of its first try. That one is open, or it ended not long ago and is or may be paid, for that
 * is the answer which the client missed. Whatever surely cost nothing is made anew.
 *
 * @param identity what makes two requests equal, where they differ each time: they name fresh uploads
 * @param mayJoin whether it is a repeat, or nobody waits for it any more
 */
export async function acceptMarked(
  ports: Ports,
  client: Client,
  request: TaskRequest,
  identity: unknown,
  mayJoin: () => boolean,
): Promise<Acceptance> {
  const prefix = ` ${await fingerprintOf(identity)} `
  const line = { prefix, mayJoin, endedWithinMs: MISSED_ANSWER_MS }
  return acceptInLine(ports, client, request, identity, line)
}

async function acceptInLine(
  ports: Ports,
  client: Client,
  request: TaskRequest,
  identity: unknown,
  line: Line,
): Promise<Acceptance> {
  for (let places = 1; ; places++) {
    const equal = await listEqual(ports.database, client.id, line.prefix, EQUAL_TASKS_MAX)
    const task = line.mayJoin() ? await chooseFrom(ports, equal, line) : null
    if (task) return success({ task, isReplay: true, window: null })
    const place = places > PLACES_MAX ? ports.newId('task') : (equal[0]?.id ?? '')
    const acceptance = await accept(ports, client, request, line.prefix + place, identity)
    const isTaken = acceptance.ok && acceptance.value.isReplay
    if (!isTaken) return acceptance
  }
}

async function chooseFrom(
  ports: Ports,
  equal: Awaited<ReturnType<typeof listEqual>>,
  { endedWithinMs }: Line,
): Promise<Task | null> {
  const since = ports.now() - endedWithinMs
  const recent = equal.filter(({ completedAt }) => completedAt === null || completedAt > since)
  const tasks = await Promise.all(recent.map(({ id }) => loadTask(ports.database, id)))
  const joinable = tasks.filter((task) => task !== null).filter(isWorthJoining)
  const answers = ({ id }: Task) => ports.isolate.answers.get(id) ?? 0
  // Of several, the one that the fewest clients have or wait for; the first of them gave up first.
  return joinable.toSorted((a, b) => answers(a) - answers(b) || (a.id < b.id ? -1 : 1))[0] ?? null
}

function isWorthJoining(task: Task): boolean {
  if (task.deletedAt !== null || task.status === 'canceled') return false
  const mayBePaid = task.attempts.some(({ charged }) => charged !== 'no')
  return !isTerminal(task) || mayBePaid || storedOutputs(task).length > 0
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
