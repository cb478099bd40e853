/**
 * Intent before money: when a submission reaches a provider, an attempt of its own is recorded.
 *
 * aivideoapi.ai is told the attempt in the callback address. The others are told nothing, so there
 * the submissions of an order are counted against its attempts, at the moment each one arrives.
 */
import { PROVIDERS } from '../drive/scenario'
import type { Order } from '../world/client'
import { attemptIn, type Sent } from '../world/outside'
import type { World } from '../world/world'

export function watchIntent(world: World, orders: readonly Order[]): void {
  const intent = new Intent(world, orders)
  world.onWrite(() => intent.look())
  world.outside.onSubmission((sent) => intent.check(sent))
}

class Intent {
  readonly #world: World
  readonly #orders: readonly Order[]
  /** The order of each task; a deleted one no longer says it. */
  readonly #orderOf = new Map<string, Order>()
  readonly #sent = new Map<string, number>()
  readonly #named = new Set<string>()

  constructor(world: World, orders: readonly Order[]) {
    this.#world = world
    this.#orders = orders
  }

  look(): void {
    const tasks = this.#world.database.look<{ id: string; request: string }>(
      'select id, request from tasks where deleted_at is null',
    )
    for (const { id, request } of tasks) {
      const order = this.#orders.find(({ marker }) => request.includes(marker))
      if (order && !this.#orderOf.has(id)) this.#orderOf.set(id, order)
    }
  }

  check({ host, body }: Sent): void {
    const provider = PROVIDERS.find((id) => host.endsWith(id))
    // A call to anybody else is noticed as such.
    if (!provider) return
    const order = this.#orders.find(({ marker }) => body.includes(marker))
    const recorded = this.#world.database
      .look<{ id: string; task_id: string; provider: string }>('select * from attempts')
      .filter((row) => row.provider === provider && this.#orderOf.get(row.task_id) === order)
    const name = `${provider} ${order?.marker}`
    const sent = (this.#sent.get(name) ?? 0) + 1
    this.#sent.set(name, sent)
    if (!order || sent > recorded.length) {
      this.#world.violate(`intent: ${sent} submissions but ${recorded.length} attempts`)
    }
    const attempt = attemptIn(body)
    if (attempt === null) return
    if (!recorded.some(({ id }) => id === attempt)) {
      this.#world.violate(`intent: ${attempt} was sent before it was recorded`)
    }
    if (this.#named.has(attempt)) this.#world.violate(`paid twice: ${attempt} was sent again`)
    this.#named.add(attempt)
  }
}
