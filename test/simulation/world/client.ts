/**
 * A client that wants one task: it repeats its request until it is answered, then reads the task,
 * waits for it, changes its mind, or deletes what it got.
 *
 * Invariant: whoever repeats an Idempotency-Key gets the same task, whatever happened in between.
 */
import type { NewKeyJson } from '../../../src/wire/key'
import type { Answer } from './door'
import type { Random } from './random'
import { ADMIN_TOKEN, ORIGIN } from './secrets'
import type { World } from './world'

const RETRY_MIN_MS = 500
const RETRY_MAX_MS = 20_000
const READ_INTERVAL_MIN_MS = 5_000
const READ_INTERVAL_MAX_MS = 90_000
const READS_MAX = 20
const DELETES_MAX = 20
const NEVER_SPENT_USD = 1_000

/** What a client orders. */
export interface Order {
  /** In the prompt of this order and no other one. */
  marker: string
  startsAfterMs: number
  idempotencyKey: string | null
  /** How long it lets the gateway hold each answer. */
  waitSeconds: number
  /** After the task was accepted; null for a client that does not cancel. */
  cancelsAfterMs: number | null
  /** After it saw the task's end; null for a client that does not delete. */
  deletesAfterMs: number | null
  /** How long an SDK of OpenAI waits for each answer; null where `/v1` is spoken. */
  sdkTimeoutMs: number | null
  body: {
    prompt: string
    n: number
    /** Spoken by SDKs only: one provider alone has the setting. */
    quality?: 'high'
    provider?: string
    providers?: string[]
    deadline_seconds?: number
    callback_url?: string
    resubmit_on_unknown?: boolean
    failover_on_refusal?: boolean
  }
}

export async function makeKey(world: World, hasSpendLimit: boolean): Promise<NewKeyJson> {
  const answer = await world.outside.door.send('operator', `${ORIGIN}/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'simulated',
      ...(hasSpendLimit ? { total_usd_limit: NEVER_SPENT_USD } : {}),
    }),
  })
  const made: NewKeyJson = JSON.parse(answer.text)
  world.secrets.push(made.key, made.webhook_secret)
  return made
}

export class Client {
  readonly ids = new Set<string>()
  /** Those of which it was told that they are canceled. */
  readonly canceled = new Set<string>()
  readonly #world: World
  readonly #key: string
  readonly #random: Random

  constructor(
    world: World,
    key: string,
    readonly order: Order,
    random: Random,
  ) {
    this.#world = world
    this.#key = key
    this.#random = random
  }

  async live(): Promise<void> {
    await this.#world.clock.sleep(this.order.startsAfterMs)
    const isRepeatable = this.order.idempotencyKey !== null
    do {
      const id = await this.#post()
      if (id !== null) this.ids.add(id)
      if (this.ids.size > 1) this.#world.violate('idempotency: one key was answered with two tasks')
      // One that was answered may still be repeated, by a client that crashed or forgot.
      if (id !== null && this.#random.chance(0.8)) break
      await this.#rest(RETRY_MIN_MS, RETRY_MAX_MS)
    } while (isRepeatable)
    for (const id of this.ids) await this.#cancel(id)
    for (const id of this.ids) await this.#watch(id)
  }

  /** The id of the task, or null when no readable answer came. */
  async #post(): Promise<string | null> {
    const { body, idempotencyKey, waitSeconds } = this.order
    const answer = await this.#call('/v1/tasks', {
      method: 'POST',
      headers: {
        ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
        ...(waitSeconds === 0 ? {} : { prefer: `wait=${waitSeconds}` }),
      },
      body: JSON.stringify(body),
    })
    if (!answer || answer.status >= 500) return null
    if (answer.status >= 400) {
      this.#world.violate(`acceptance: refused with ${answer.text}`)
      return null
    }
    if (isOver(answer) !== (answer.status === 200)) {
      this.#world.violate(`acceptance: ${answer.status} with ${answer.text}`)
    }
    return (JSON.parse(answer.text) as { id: string }).id
  }

  async #cancel(id: string): Promise<void> {
    if (this.order.cancelsAfterMs === null) return
    await this.#world.clock.sleep(this.order.cancelsAfterMs)
    const answer = await this.#call(`/v1/tasks/${id}/cancel`, { method: 'POST' })
    if (answer?.status === 200) this.canceled.add(id)
  }

  /** Reads the task now and then until it is over, and may delete it then. */
  async #watch(id: string): Promise<void> {
    for (let reads = 0; reads < READS_MAX; reads++) {
      const answer = await this.#call(`/v1/tasks/${id}?wait=${this.order.waitSeconds}`, {})
      if (answer?.status === 404) this.#world.violate('acceptance: an accepted task is not found')
      if (answer?.status === 200 && isOver(answer)) return this.#delete(id)
      await this.#rest(READ_INTERVAL_MIN_MS, READ_INTERVAL_MAX_MS)
    }
  }

  async #delete(id: string): Promise<void> {
    if (this.order.deletesAfterMs === null) return
    await this.#world.clock.sleep(this.order.deletesAfterMs)
    if (!(await this.#isDeleted(id))) return
    const answer = await this.#call(`/v1/tasks/${id}`, {})
    if (answer?.status === 200) this.#world.violate('deletion: a deleted task can be read')
  }

  /** Repeats itself until the answer is that the task is not there any more, or it gives up. */
  async #isDeleted(id: string): Promise<boolean> {
    for (let deletes = 0; deletes < DELETES_MAX; deletes++) {
      const answer = await this.#call(`/v1/tasks/${id}`, { method: 'DELETE' })
      if (answer?.status === 409) this.#world.violate(`deletion: refused with ${answer.text}`)
      if (answer?.status === 204 || answer?.status === 404) return true
      await this.#rest(RETRY_MIN_MS, RETRY_MAX_MS)
    }
    return false
  }

  async #call(path: string, { headers, ...init }: RequestInit & { headers?: object }) {
    const all = {
      authorization: `Bearer ${this.#key}`,
      'content-type': 'application/json',
      ...headers,
    }
    return this.#world.outside.door
      .send('client', ORIGIN + path, { ...init, headers: all })
      .catch(() => null)
  }

  #rest(minMs: number, maxMs: number): Promise<void> {
    return this.#world.clock.sleep(this.#random.integer(minMs, maxMs))
  }
}

function isOver({ text }: Answer): boolean {
  return !text.includes('"completed_at":null')
}
