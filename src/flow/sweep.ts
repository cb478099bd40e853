/**
 * The cron's work: find rows that are due, wake their runners.
 *
 * Invariant: whatever else was lost (a wake, a callback, a runner), a due row is found by the next
 * pass. Deadlines are settled here too, so that a runner that hangs can't hold its task past its
 * deadline.
 */
import { isTerminal } from '../core/task'
import { withTimeLimit } from '../core/time-limit'
import { tasksWithDueDeliveries } from '../db/deliveries'
import { claimDueTasks, type DueTask } from '../db/tasks'
import { type Engine, kindOf } from './engine'
import { settle } from './settle'

const CLAIM_LIMIT = 100
const DELIVERIES_LIMIT = 300
/** A runner that does not answer keeps the next pass from no other task. */
const WAKE_LIMIT_MS = 5_000
const PAUSE_BUSY_MS = 1_000
const PAUSE_IDLE_MS = 2_000

/** Sweeps for as long as one cron run keeps sweeping; with `TICK_SECONDS` 0 it is one pass. */
export async function sweep(engine: Engine): Promise<void> {
  const endsAt = engine.now() + engine.settings.tickSeconds * 1000
  for (;;) {
    const pauseMs = (await trySweep(engine)) > 0 ? PAUSE_BUSY_MS : PAUSE_IDLE_MS
    if (engine.now() + pauseMs > endsAt) return
    await engine.sleep(pauseMs)
  }
}

/** A pass that fails is made up for by the next one. */
async function trySweep(engine: Engine): Promise<number> {
  try {
    return await sweepOnce(engine)
  } catch (error) {
    const reason = kindOf(error)
    engine.log({ event: 'sweep_failed', reason })
    return 0
  }
}

/** @returns how many tasks were handed out. */
async function sweepOnce(engine: Engine): Promise<number> {
  const counts = await Promise.all([handOutTasks(engine), handOutDeliveries(engine)])
  return counts[0] + counts[1]
}

/** Wakes the runners of tasks whose webhook is due; they claim it themselves. */
async function handOutDeliveries(engine: Engine): Promise<number> {
  const ids = await tasksWithDueDeliveries(engine.database, engine.now(), DELIVERIES_LIMIT)
  await Promise.allSettled(ids.map((id) => wake(engine, id)))
  return ids.length
}

async function handOutTasks(engine: Engine): Promise<number> {
  let total = 0
  for (;;) {
    const due = await claimDueTasks(engine.database, engine.now(), CLAIM_LIMIT)
    const results = await Promise.allSettled(due.map((task) => handOut(engine, task)))
    const failed = results.filter((result) => result.status === 'rejected').length
    if (failed > 0) engine.log({ event: 'wake_failed', reason: `${failed} of ${due.length}` })
    total += due.length
    if (due.length < CLAIM_LIMIT) return total
  }
}

async function handOut(engine: Engine, task: DueTask): Promise<void> {
  if (!isTerminal(task) && task.deadlineAt <= engine.now()) {
    await settle(engine, task.id, { type: 'expired' })
  }
  await wake(engine, task.id)
}

function wake(engine: Engine, taskId: string): Promise<void> {
  return withTimeLimit(WAKE_LIMIT_MS, () => engine.wake(taskId))
}
