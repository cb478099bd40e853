/**
 * One run of a task's runner: steps until nothing is due and no slow call is under way.
 *
 * Each call that ends, each wake and each time that comes meanwhile is followed by another step. While
 * calls are under way the run waits for them; then it ends, and the runner's alarm goes on.
 */
import { Calls } from './calls'
import { kindOf } from './log'
import type { Session } from './session'
import { step } from './step'

/** What failed is not tried again at once. */
const PAUSE_MS = 1_000
/** Nor is what was due and could not be begun. */
const OVERDUE_PAUSE_MS = 200

/** @returns when the runner wants to run again, infinity when only a wake can bring it back, null when the task is over. */
export async function run(session: Session): Promise<number | null> {
  const { ports, known } = session
  const calls = new Calls(ports, known.id)
  for (;;) {
    session.isWoken = false
    const { ended } = calls
    const nextAt = await tryStep(session, calls)
    if (session.isWoken || calls.ended > ended) continue
    if (!calls.areOver) await untilSomething(session, calls, nextAt ?? Number.POSITIVE_INFINITY)
    else if (known.hasDeferred) await known.settle(null)
    else return nextAt
  }
}

/**
 * A step that fails must not cut off the paid calls beside it: the next wake, or the end of a call,
 * makes up for it. With nothing under way it ends the run.
 */
async function tryStep(session: Session, calls: Calls): Promise<number | null> {
  const { ports, known } = session
  try {
    return await step(session, calls)
  } catch (error) {
    if (calls.areOver) throw error
    ports.log({ event: 'step_failed', task: known.id, reason: kindOf(error) })
    return ports.now() + PAUSE_MS
  }
}

/** Returns when a call ends, a wake comes, or a time is there. */
async function untilSomething(session: Session, calls: Calls, nextAt: number): Promise<void> {
  const now = session.ports.now()
  // What a step left undone although it was due does not fit into this run: no use in trying at once.
  const at = nextAt > now ? nextAt : now + OVERDUE_PAUSE_MS
  // A timer that is left behind would keep the runner in memory, and on the bill.
  const time = Promise.withResolvers<void>()
  const waitMs = at - now
  const timer = waitMs < Number.POSITIVE_INFINITY ? setTimeout(time.resolve, waitMs) : null
  await Promise.race([calls.next(), session.nextWake(), time.promise])
  if (timer !== null) clearTimeout(timer)
}
