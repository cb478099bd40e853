/**
 * The cron: a run every minute that sweeps about every second until the next one.
 *
 * A pass that finds nothing due changes nothing, so only those are played that find something. A
 * pass that dies takes the rest of its minute with it.
 */
import { sweepOnSchedule } from '../../../src/handlers/scheduled'
import { openPorts } from '../../../src/platform'
import type { Timer } from '../world/clock'
import { Invocation } from '../world/invocation'
import type { World } from '../world/world'
import { environmentOf } from './environment'

const PASS_INTERVAL_MS = 1_000
const DUE = `select min(due) as due from
  (select due_at as due from tasks union all select next_try_at from deliveries)`
const MINUTE_MS = 60_000

export class Cron {
  readonly #world: World
  #next: Timer | null = null
  #isBusy = false
  #earliest = 0

  constructor(world: World) {
    this.#world = world
  }

  /** Sets the next pass to when something will be due. */
  plan(): void {
    const { clock, database } = this.#world
    const [row] = database.look<{ due: number | null }>(DUE)
    if (this.#next) this.#next.isOff = true
    this.#next = null
    if (row?.due == null) return
    const possible = this.#isBusy ? this.#nextMinute() : this.#earliest
    const time = Math.max(row.due, possible, clock.now())
    const atPass = Math.ceil(time / PASS_INTERVAL_MS) * PASS_INTERVAL_MS
    this.#next = clock.at(atPass, () => void this.#pass())
  }

  async #pass(): Promise<void> {
    const pass = new Invocation(this.#world, 'cron')
    const nextMinute = this.#nextMinute()
    this.#isBusy = true
    this.#earliest = nextMinute
    const waitUntil = (work: Promise<unknown>) =>
      void work.catch((error: unknown) => this.#world.log(String(error)))
    const isWhole = await new Promise<boolean>((resolve) => {
      pass.onDeath(() => resolve(false))
      pass
        .run(() => sweepOnSchedule(openPorts(environmentOf(this.#world), { waitUntil })))
        .then(() => resolve(true))
    })
    this.#isBusy = false
    this.#earliest = isWhole ? this.#world.clock.now() + PASS_INTERVAL_MS : nextMinute
    this.plan()
  }

  #nextMinute(): number {
    return (Math.floor(this.#world.clock.now() / MINUTE_MS) + 1) * MINUTE_MS
  }
}
