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
import { kindOf } from './log'
import type { Ports } from './ports'
import { settle } from './settle'

const CLAIM_LIMIT = 100
const DELIVERIES_LIMIT = 300
/** A runner that does not answer keeps the next pass from no other task. */
const WAKE_LIMIT_MS = 5_000
const PAUSE_BUSY_MS = 1_000
const PAUSE_IDLE_MS = 2_000

/** Sweeps for as long as one cron run keeps sweeping; with `TICK_SECONDS` 0 it is one pass. */
export async function sweep(ports: Ports): Promise<void> {
  const endsAt = ports.now() + ports.settings.tickSeconds * 1000
  for (;;) {
    const pauseMs = (await trySweep(ports)) > 0 ? PAUSE_BUSY_MS : PAUSE_IDLE_MS
    if (ports.now() + pauseMs > endsAt) return
    await ports.sleep(pauseMs)
  }
}

/** A pass that fails is made up for by the next one. */
async function trySweep(ports: Ports): Promise<number> {
  try {
    return await sweepOnce(ports)
  } catch (error) {
    const reason = kindOf(error)
    ports.log({ event: 'sweep_failed', reason })
    return 0
  }
}

/** @returns how many tasks were handed out. */
async function sweepOnce(ports: Ports): Promise<number> {
  const counts = await Promise.all([handOutTasks(ports), handOutDeliveries(ports)])
  return counts[0] + counts[1]
}

/** Wakes the runners of tasks whose webhook is due; they claim it themselves. */
async function handOutDeliveries(ports: Ports): Promise<number> {
  const ids = await tasksWithDueDeliveries(ports.database, ports.now(), DELIVERIES_LIMIT)
  await Promise.allSettled(ids.map((id) => wake(ports, id)))
  return ids.length
}

async function handOutTasks(ports: Ports): Promise<number> {
  let total = 0
  for (;;) {
    const due = await claimDueTasks(ports.database, ports.now(), CLAIM_LIMIT)
    const results = await Promise.allSettled(due.map((task) => handOut(ports, task)))
    const failed = results.filter((result) => result.status === 'rejected').length
    if (failed > 0) ports.log({ event: 'wake_failed', reason: `${failed} of ${due.length}` })
    total += due.length
    if (due.length < CLAIM_LIMIT) return total
  }
}

async function handOut(ports: Ports, task: DueTask): Promise<void> {
  if (!isTerminal(task) && task.deadlineAt <= ports.now()) {
    await settle(ports, task.id, { type: 'expired' })
  }
  await wake(ports, task.id)
}

function wake(ports: Ports, taskId: string): Promise<void> {
  return withTimeLimit(WAKE_LIMIT_MS, () => ports.wake(taskId))
}
