/**
 * The cron's work: find rows that are due, wake their runners.
 *
 * Invariant: whatever else was lost (a wake, a callback, a runner), a due row is found by the next
 * pass. Deadlines are settled here too, so that a runner that hangs can't hold its task past its
 * deadline. Tasks, deadlines and deliveries each go their own way, and none waits for a runner.
 */
import type { News } from '../core/news'
import type { ProviderId } from '../core/request'
import { isTerminal } from '../core/task'
import { withTimeLimit } from '../core/time-limit'
import { tasksWithDueDeliveries } from '../db/deliveries'
import { lookupPauses, recordSweep } from '../db/moments'
import { claimDueTasks, type DueTask } from '../db/tasks'
import { kindOf } from './log'
import type { Ports } from './ports'
import { settle } from './settle'

const PASS_INTERVAL_MS = 1_000
const CLAIM_LIMIT = 200
const DELIVERIES_LIMIT = 300
/** A runner that does not answer is given up; the next hand-out asks it again. */
const WAKE_LIMIT_MS = 5_000
/** A task whose webhook is due is not woken for it again within this time. */
const DELIVERY_PAUSE_MS = 5_000
/** Of the 10,000 subrequests and 1,000 queries that the platform gives one run. */
const WAKES_MAX = 8_000
const DEADLINES_MAX = 200

const NO_PAUSES: ReadonlyMap<ProviderId, number> = new Map()

/** Sweeps for as long as one cron run keeps sweeping; with `TICK_SECONDS` 0 it is one pass. */
export async function sweep(ports: Ports): Promise<void> {
  const run = new SweepRun(ports)
  await Promise.all([
    run.attempt('record', () => recordSweep(ports.database, ports.now())),
    run.repeat('tasks', () => run.handOutTasks()),
    run.repeat('deliveries', () => run.handOutDeliveries()),
  ])
  await run.finish()
}

class SweepRun {
  readonly #ports: Ports
  readonly #endsAt: number
  readonly #underWay = new Set<Promise<void>>()
  readonly #deliveriesWokenAt = new Map<string, number>()
  #wakesLeft = WAKES_MAX
  #deadlinesLeft = DEADLINES_MAX

  constructor(ports: Ports) {
    this.#ports = ports
    this.#endsAt = ports.now() + ports.settings.tickSeconds * 1000
  }

  /** A pass each second until the run's time is over. */
  async repeat(name: string, pass: () => Promise<void>): Promise<void> {
    const { now, sleep } = this.#ports
    for (;;) {
      await this.attempt(name, pass)
      if (now() + PASS_INTERVAL_MS > this.#endsAt) return
      await sleep(PASS_INTERVAL_MS)
    }
  }

  /** What fails is made up for by the next pass. */
  async attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#ports.log({ event: 'sweep_failed', outcome: name, reason: kindOf(error) })
    }
  }

  /** Waits for the wakes that are still under way: each has its own time limit. */
  async finish(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  async handOutTasks(): Promise<void> {
    const { database, now } = this.#ports
    while (this.#wakesLeft > 0) {
      const due = await claimDueTasks(database, now(), Math.min(CLAIM_LIMIT, this.#wakesLeft))
      const pauses = due.length > 0 ? await lookupPauses(database, now()) : NO_PAUSES
      for (const task of due) this.#begin(task.id, () => this.#handOut(task, pauses))
      if (due.length < CLAIM_LIMIT) return
    }
  }

  /** Wakes the runners of tasks whose webhook is due; they claim it themselves. */
  async handOutDeliveries(): Promise<void> {
    const { database, now } = this.#ports
    const ids = await tasksWithDueDeliveries(database, now(), DELIVERIES_LIMIT)
    for (const id of ids) {
      const wokenAt = this.#deliveriesWokenAt.get(id) ?? Number.NEGATIVE_INFINITY
      if (now() < wokenAt + DELIVERY_PAUSE_MS || this.#wakesLeft === 0) continue
      this.#deliveriesWokenAt.set(id, now())
      this.#begin(id, () => this.#wake(id, { version: 0, mayDeliver: true }))
    }
  }

  async #handOut(task: DueTask, lookupPauses: ReadonlyMap<ProviderId, number>): Promise<void> {
    const news = { version: task.version, lookupPauses }
    await Promise.all([this.#wake(task.id, news), this.#endOverdue(task)])
  }

  /** The runner ends its task at the deadline; where it did not, the cron does. */
  async #endOverdue(task: DueTask): Promise<void> {
    if (!isOverdue(task, this.#ports.now()) || this.#deadlinesLeft-- <= 0) return
    const ended = await settle(this.#ports, task.id, { type: 'expired' })
    if (ended) await this.#wake(task.id, { version: ended.version, mayDeliver: true })
  }

  #wake(taskId: string, news: News): Promise<void> {
    this.#wakesLeft--
    return withTimeLimit(WAKE_LIMIT_MS, () => this.#ports.wake(taskId, news))
  }

  #begin(taskId: string, work: () => Promise<void>): void {
    const done: Promise<void> = work()
      .catch((error: unknown) => {
        this.#ports.log({ event: 'wake_failed', task: taskId, reason: kindOf(error) })
      })
      .finally(() => this.#underWay.delete(done))
    this.#underWay.add(done)
  }
}

/** Whether the runner should have ended the task by now. */
function isOverdue(task: DueTask, now: number): boolean {
  return !isTerminal(task) && task.deadlineAt <= now
}
