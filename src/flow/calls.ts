/**
 * The slow calls of one run: submissions, lookups, downloads, webhooks.
 *
 * Invariant: nothing of a task waits for a slow call, and the same call is never under way twice.
 */
import { kindOf } from './log'
import type { Ports } from './ports'

/** An alarm may run for fifteen minutes; the last one is left for writing what came. */
const RUN_MS = 14 * 60_000

export class Calls {
  /** How many have ended. */
  ended = 0
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #ports: Ports
  readonly #taskId: string
  readonly #endsAt: number

  constructor(ports: Ports, taskId: string) {
    this.#ports = ports
    this.#taskId = taskId
    this.#endsAt = ports.now() + RUN_MS
  }

  get areOver(): boolean {
    return this.#underWay.size === 0
  }

  isUnderWay(name: string): boolean {
    return this.#underWay.has(name)
  }

  /** Whether a call that may take this long still fits into the run. */
  haveTimeFor(limitMs: number): boolean {
    return this.#ports.now() + limitMs <= this.#endsAt
  }

  /** Begins a call under a name that no other one has now. */
  begin(name: string, call: () => Promise<void>): void {
    const ended = this.#logged(call).finally(() => {
      this.#underWay.delete(name)
      this.ended++
    })
    this.#underWay.set(name, ended)
  }

  /** Resolves when one of them ends. */
  async next(): Promise<void> {
    await Promise.race(this.#underWay.values())
  }

  /** One that fails must not cut off another one, which may be paid for. */
  async #logged(call: () => Promise<void>): Promise<void> {
    try {
      await call()
    } catch (error) {
      this.#ports.log({ event: 'call_failed', task: this.#taskId, reason: kindOf(error) })
    }
  }
}
