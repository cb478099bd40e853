/**
 * One invocation of the Worker, and the gate through which it touches anything.
 *
 * Invariant: an invocation that crashed does nothing more, ever: its pending operations never
 * answer, its timers never fire, and nothing that it still computes leaves the gate.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Fault, Port } from './faults'
import type { Stage } from './stage'

/** How long the platform waits before it gives up on an operation that hangs. */
const HANG_MS = 30_000
const LATENCY_MAX_MS = 8
const DELAY_MIN_MS = 1_000
const DELAY_MAX_MS = 45_000

const current = new AsyncLocalStorage<Invocation>()

/** @throws when the gateway's code runs outside of an invocation. */
export function currentInvocation(): Invocation {
  const invocation = current.getStore()
  if (!invocation) throw new Error('Nothing of the gateway runs outside of an invocation.')
  return invocation
}

export class Invocation {
  #isDead = false
  readonly #deaths: Array<() => void> = []

  constructor(
    readonly stage: Stage,
    readonly actor: string,
    /** Whatever it changes is a violation. */
    readonly mayOnlyRead = false,
  ) {}

  get isDead(): boolean {
    return this.#isDead
  }

  /** Runs work of the gateway in this invocation. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return current.run(this, work)
  }

  /** What happens when it dies before its work is done. */
  onDeath(action: () => void): void {
    this.#deaths.push(action)
  }

  crash(): void {
    if (this.#isDead) return
    this.#isDead = true
    this.stage.crash(this.actor)
    for (const action of this.#deaths) action()
  }

  /** The platform's time is up for what goes on after the work is done. */
  end(): void {
    this.#isDead = true
  }

  /** One operation at a boundary, with whatever befalls it. */
  async perform<T>(
    port: Port,
    label: string,
    apply: (fault: Fault | null) => T | Promise<T>,
  ): Promise<T> {
    if (this.mayOnlyRead && !label.startsWith('select')) {
      this.stage.violate(`forgery: a wrong token led to ${label}`)
    }
    const fault = await this.begin(port, label)
    if (fault === 'error-before') throw connectionLost(port)
    if (fault === 'mute') await this.stage.clock.sleep(HANG_MS)
    if (fault === 'mute') throw connectionLost(port)
    if (fault === 'delay') await this.pause(DELAY_MIN_MS, DELAY_MAX_MS)
    if (this.isDead) return never()
    const result = await outcomeOf(() => apply(fault))
    if (fault === 'crash-after') this.crash()
    if (fault === 'hang') await this.stage.clock.sleep(HANG_MS)
    await this.pause(0, LATENCY_MAX_MS)
    if (this.isDead) return never()
    if (fault === 'hang' || fault === 'error-after') throw connectionLost(port)
    if ('error' in result) throw result.error
    return result.value
  }

  /** Chooses the fault of an operation and lets it travel; a dead invocation gets no further. */
  async begin(port: Port, label: string): Promise<Fault | null> {
    if (this.isDead) return never()
    const fault = this.stage.chooseFault(port, this.actor, label)
    await this.pause(0, LATENCY_MAX_MS)
    if (fault === 'crash-before') this.crash()
    return this.isDead ? never() : fault
  }

  pause(minMs: number, maxMs: number): Promise<void> {
    return this.stage.clock.sleep(this.stage.latency.integer(minMs, maxMs))
  }
}

type Outcome<T> = { value: T } | { error: unknown }

async function outcomeOf<T>(apply: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await apply() }
  } catch (error) {
    return { error }
  }
}

export function never(): Promise<never> {
  return new Promise(() => undefined)
}

const MESSAGES: Partial<Record<Port, string>> = {
  database: 'D1_ERROR: Network connection lost.',
  bucket: 'put: We encountered an internal error. Please try again. (10001)',
}

export function connectionLost(port: Port): Error {
  return new Error(MESSAGES[port] ?? 'Network connection lost.')
}
