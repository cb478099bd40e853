/** One simulated world: the gateway's platform and the providers, on one stage. */
import type { Env } from '../../../src/settings'
import { SimulatedBucket } from '../platform/bucket'
import { Cron } from '../platform/cron'
import { SimulatedDatabase } from '../platform/database'
import { makeEnvironment } from '../platform/environment'
import { Runners } from '../platform/runners'
import type { FaultPlan } from './faults'
import { Outside } from './outside'
import { Random } from './random'
import { ROTATED_SETTINGS, SETTINGS } from './secrets'
import { Stage } from './stage'

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

export class World extends Stage {
  readonly database: SimulatedDatabase
  readonly bucket = new SimulatedBucket()
  readonly runners: Runners
  readonly cron: Cron
  readonly outside: Outside
  /** Runners that crashed while a submission was recorded and its outcome was not. */
  submissionsCut = 0
  readonly #observers: Array<() => void> = []
  #environment: Env

  constructor({ seed, plan, migrations, jobSeconds }: WorldOptions) {
    const random = new Random(seed)
    super(random, plan)
    const environment = () => this.#environment
    this.database = new SimulatedDatabase(migrations, () => {
      for (const observe of this.#observers) observe()
    })
    this.runners = new Runners(this, environment)
    this.cron = new Cron(this, this.database, environment)
    const seconds = random.fork('job seconds')
    this.outside = new Outside(this, environment, () => jobSeconds(seconds))
    this.#environment = makeEnvironment(this, SETTINGS)
    this.onWrite(() => this.cron.plan())
    this.onCrash((actor) => this.#countCut(actor))
    current = this
  }

  /** Called after every write to the database. */
  onWrite(observe: () => void): void {
    this.#observers.push(observe)
  }

  /** From now on another secret signs, and what the first one signed still counts. */
  rotateSigningSecret(): void {
    this.#environment = makeEnvironment(this, ROTATED_SETTINGS)
  }

  #countCut(actor: string): void {
    if (actor !== 'runner') return
    const open = this.database.look("select id from attempts where status = 'submitting'")
    if (open.length > 0) this.submissionsCut++
  }
}
