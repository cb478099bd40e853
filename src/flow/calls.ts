/**
 * The slow calls of one run: submissions, look-ups, downloads, webhooks.
 *
 * Invariant: nothing of a task waits for a slow call, and the same call is never under way twice.
 */

import { kindOf } from './log'
import type { Ports } from './ports'

/** An alarm may run for fifteen minutes; the last one is left for writing what came. */
const RUN_MS = 14 * 60_000
/** What has just ended is not begun again at once. */
const PAUSE_MS = 1_000

export class Calls {
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #pausedUntil = new Map<string, number>()
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

  /** Whether a call that may take this long still fits into the run. */
  haveTimeFor(limitMs: number): boolean {
    return this.#ports.now() + limitMs <= this.#endsAt
  }

  /**
   * Begins a call, unless it is under way, has only just ended, or may outlast the run.
   *
   * @param pauseMs for how long after its end it is not begun again
   */
  begin(name: string, limitMs: number, call: () => Promise<void>, pauseMs = PAUSE_MS): void {
    const isPaused = this.#ports.now() < (this.#pausedUntil.get(name) ?? 0)
    if (this.#underWay.has(name) || isPaused || !this.haveTimeFor(limitMs)) return
    this.start(name, async () => {
      try {
        await call()
      } finally {
        this.#pausedUntil.set(name, this.#ports.now() + pauseMs)
      }
    })
  }

  /** Begins a call that must not be left out, under a name that no other one has. */
  start(name: string, call: () => Promise<void>): void {
    const ended = this.#logged(call).finally(() => this.#underWay.delete(name))
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
