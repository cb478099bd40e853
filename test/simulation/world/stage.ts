/**
 * What everything in a simulated world shares: time, chance, faults, and the record of what happened.
 *
 * Invariant: all of it follows from a seed and a fault plan, so a run can be replayed.
 */
import { createHash } from 'node:crypto'
import { V7Generator } from 'uuidv7'
import { Clock } from './clock'
import type { Fault, FaultPlan, Operation, Port } from './faults'
import type { Random } from './random'
import { CANARIES } from './secrets'

const STARTS_AT = Date.parse('2030-01-01T00:00:00Z')
const LINES_KEPT = 400

/** A fault that struck. */
export interface Strike extends Operation {
  fault: Fault
  time: number
}

export class Stage {
  readonly clock = new Clock(STARTS_AT)
  readonly latency: Random
  readonly chance: Random
  readonly identifiers: V7Generator
  readonly strikes: Strike[] = []
  readonly violations: string[] = []
  readonly secrets: string[] = [...CANARIES]
  /** Looked through at the end, when all secrets are known. */
  readonly logs: string[] = []
  readonly operations: Operation[] = []
  /** How many of them there were before the faults stopped. */
  operationsUnderFaults = 0
  /** The last lines of the story, for who reads a failure. */
  readonly story: string[] = []
  /** Whatever is asked of it fails. */
  isDatabaseDown = false
  readonly #mourners: Array<(actor: string) => void> = []
  readonly #hash = createHash('sha256')
  #plan: FaultPlan

  constructor(random: Random, plan: FaultPlan) {
    this.latency = random.fork('latency')
    this.chance = random.fork('chance')
    const identifiers = random.fork('identifiers')
    this.identifiers = new V7Generator({
      nextUint32: () => Math.floor(identifiers.fraction() * 2 ** 32),
    })
    this.#plan = plan
  }

  /** Called when an invocation dies before its work is done. */
  onCrash(observe: (actor: string) => void): void {
    this.#mourners.push(observe)
  }

  crash(actor: string): void {
    this.note(`${actor} crashed`)
    for (const observe of this.#mourners) observe(actor)
  }

  chooseFault(port: Port, actor: string, label: string): Fault | null {
    const operation = { number: this.operations.length, port, actor, label }
    this.operations.push(operation)
    const isDown = port === 'database' && this.isDatabaseDown
    const fault = isDown ? 'error-before' : this.#plan.choose(operation)
    this.note(`${actor} → ${port} ${label}${fault ? ` ⚡ ${fault}` : ''}`)
    if (fault) this.strikes.push({ ...operation, fault, time: this.clock.now() })
    return fault
  }

  /** Something befell the world as a whole, at no operation of its own. */
  strike(port: Port, label: string): void {
    this.note(label)
    const operation = { number: -1, port, actor: 'world', label }
    this.strikes.push({ ...operation, fault: 'crash-before', time: this.clock.now() })
  }

  stopFaults(): void {
    this.operationsUnderFaults = this.operations.length
    this.#plan = { choose: () => null }
    this.note('no more faults')
  }

  note(text: string): void {
    const line = `${((this.clock.now() - STARTS_AT) / 1000).toFixed(3)} ${text}`
    this.#hash.update(`${line}\n`)
    this.story.push(line)
    if (this.story.length > 2 * LINES_KEPT) this.story.splice(0, LINES_KEPT)
  }

  /** What an operator would see: the gateway's own lines, and the platform's on an uncaught error. */
  log(line: string): void {
    this.note(`log ${line}`)
    this.logs.push(line)
  }

  keepSecret(text: string, where: string): void {
    const canary = this.secrets.find((secret) => text.includes(secret))
    if (canary) this.violate(`secrets: ${where} shows ${canary}`)
  }

  violate(text: string): void {
    this.note(`VIOLATION ${text}`)
    if (!this.violations.includes(text)) this.violations.push(text)
  }

  /** A hash of everything that happened. */
  fingerprint(): string {
    return this.#hash.copy().digest('hex')
  }
}
