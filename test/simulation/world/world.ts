/**
 * One simulated world: the gateway's platform, the providers, the clock, and who disturbs them.
 *
 * Invariant: everything in it follows from its seed and its fault plan, so a run can be replayed.
 */
import { createHash } from 'node:crypto'
import { V7Generator } from 'uuidv7'
import { SimulatedBucket } from '../platform/bucket'
import { Cron } from '../platform/cron'
import { SimulatedDatabase } from '../platform/database'
import { Runners } from '../platform/runners'
import { Clock } from './clock'
import type { Fault, FaultPlan, Operation, Port } from './faults'
import { Outside } from './outside'
import { Random } from './random'
import { CANARIES } from './secrets'

const STARTS_AT = Date.parse('2030-01-01T00:00:00Z')
const LINES_KEPT = 400

let current: World | null = null

export function currentWorld(): World {
  if (!current) throw new Error('There is no world.')
  return current
}

export interface WorldOptions {
  seed: string
  plan: FaultPlan
  migrations: readonly string[]
  /** Seconds that a provider takes for a job. */
  jobSeconds: (random: Random) => number
}

/** A fault that struck. */
export interface Strike extends Operation {
  fault: Fault
  time: number
}

export class World {
  readonly clock = new Clock(STARTS_AT)
  readonly latency: Random
  readonly chance: Random
  readonly identifiers: V7Generator
  readonly database: SimulatedDatabase
  readonly bucket = new SimulatedBucket()
  readonly runners: Runners
  readonly cron: Cron
  readonly outside: Outside
  readonly strikes: Strike[] = []
  /** Runners that crashed while a submission was recorded and its outcome was not. */
  submissionsCut = 0
  readonly violations: string[] = []
  readonly secrets: string[] = [...CANARIES]
  /** Looked through at the end, when all secrets are known. */
  readonly logs: string[] = []
  readonly operations: Operation[] = []
  /** How many of them there were before the faults stopped. */
  operationsUnderFaults = 0
  /** The last lines of the story, for who reads a failure. */
  readonly story: string[] = []
  readonly #observers: Array<() => void> = []
  readonly #hash = createHash('sha256')
  #plan: FaultPlan

  constructor({ seed, plan, migrations, jobSeconds }: WorldOptions) {
    const random = new Random(seed)
    this.latency = random.fork('latency')
    this.chance = random.fork('chance')
    const identifiers = random.fork('identifiers')
    this.identifiers = new V7Generator({
      nextUint32: () => Math.floor(identifiers.fraction() * 2 ** 32),
    })
    this.#plan = plan
    this.database = new SimulatedDatabase(migrations, () => {
      for (const observe of this.#observers) observe()
    })
    this.runners = new Runners(this)
    this.cron = new Cron(this)
    const seconds = random.fork('job seconds')
    this.outside = new Outside(this, () => jobSeconds(seconds))
    this.onWrite(() => this.cron.plan())
    current = this
  }

  /** Called after every write to the database. */
  onWrite(observe: () => void): void {
    this.#observers.push(observe)
  }

  chooseFault(port: Port, actor: string, label: string): Fault | null {
    const operation = { number: this.operations.length, port, actor, label }
    this.operations.push(operation)
    const fault = this.#plan.choose(operation)
    this.note(`${actor} → ${port} ${label}${fault ? ` ⚡ ${fault}` : ''}`)
    if (fault) this.strikes.push({ ...operation, fault, time: this.clock.now() })
    return fault
  }

  onCrash(actor: string): void {
    if (actor !== 'runner') return
    const open = this.database.look("select id from attempts where status = 'submitting'")
    if (open.length > 0) this.submissionsCut++
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
