/**
 * The cron: a run every minute that sweeps about every second until the next one.
 *
 * A pass that finds nothing due changes nothing, so only those are played that find something. A
 * pass that dies takes the rest of its minute with it.
 */
import { sweepOnSchedule } from '../../../src/handlers/scheduled'
import { openPorts } from '../../../src/platform'
import type { Env } from '../../../src/settings'
import type { Timer } from '../world/clock'
import { Invocation } from '../world/invocation'
import type { Stage } from '../world/stage'
import type { SimulatedDatabase } from './database'

const PASS_INTERVAL_MS = 1_000
const DUE = `select min(due) as due from
  (select due_at as due from tasks union all select next_try_at from deliveries)`
const MINUTE_MS = 60_000

export class Cron {
  readonly #stage: Stage
  readonly #database: SimulatedDatabase
  readonly #environment: () => Env
  #next: Timer | null = null
  #isBusy = false
  #earliest = 0

  constructor(stage: Stage, database: SimulatedDatabase, environment: () => Env) {
    this.#stage = stage
    this.#database = database
    this.#environment = environment
  }

  /** Sets the next pass to when something will be due. */
  plan(): void {
    const { clock } = this.#stage
    const [row] = this.#database.look<{ due: number | null }>(DUE)
    if (this.#next) this.#next.isOff = true
    this.#next = null
    if (row?.due == null) return
    const possible = this.#isBusy ? this.#nextMinute() : this.#earliest
    const time = Math.max(row.due, possible, clock.now())
    const atPass = Math.ceil(time / PASS_INTERVAL_MS) * PASS_INTERVAL_MS
    this.#next = clock.at(atPass, () => void this.#pass())
  }

  async #pass(): Promise<void> {
    const pass = new Invocation(this.#stage, 'cron')
    const nextMinute = this.#nextMinute()
    this.#isBusy = true
    this.#earliest = nextMinute
    const waitUntil = (work: Promise<unknown>) =>
      void work.catch((error: unknown) => this.#stage.log(String(error)))
    const isWhole = await new Promise<boolean>((resolve, reject) => {
      pass.onDeath(() => resolve(false))
      pass
        .run(() => sweepOnSchedule(openPorts(this.#environment(), { waitUntil })))
        .then(() => resolve(true), reject)
    })
    this.#isBusy = false
    this.#earliest = isWhole ? this.#stage.clock.now() + PASS_INTERVAL_MS : nextMinute
    this.plan()
  }

  #nextMinute(): number {
    return (Math.floor(this.#stage.clock.now() / MINUTE_MS) + 1) * MINUTE_MS
  }
}
