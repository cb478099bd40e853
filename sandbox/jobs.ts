/** What a provider keeps: accounts with credits, jobs with a clock, and a record of submissions. */
import { type Faults, readFaults } from './faults.ts'
import type { Size } from './picture.ts'

export interface Job {
  id: string
  provider: string
  account: string
  prompt: string
  count: number
  size: Size
  credits: number
  refunded: boolean
  createdAt: number
  /** When the job is done, well or badly. */
  doneAt: number
  faults: Faults
  /** A callback was taken with a 2xx. */
  calledBack: boolean
  /** Look-ups that were told there is no such job: the first ones, so all in a row. */
  denials: number
  /** When a look-up or a download of it was answered badly. */
  troubles: number[]
}

/** A submission as it came in, for whoever wants to count what was paid for. */
export interface SubmissionRecord {
  provider: string
  body: unknown
  /** The job it became, or null when it was refused. */
  jobId: string | null
}

export interface Clock {
  now(): number
  sleep(milliseconds: number): Promise<void>
}

export type JobState = 'running' | 'done' | 'failed'

const STARTING_CREDITS = 100_000

export class JobBook {
  readonly jobs = new Map<string, Job>()
  readonly submissions: SubmissionRecord[] = []
  readonly #balances = new Map<string, number>()
  readonly #strikes = new Map<string, number>()
  readonly #clock: Clock
  readonly #seconds: () => number

  constructor(clock: Clock, seconds: () => number) {
    this.#clock = clock
    this.#seconds = seconds
  }

  balance(provider: string, account: string): number {
    return this.#balances.get(`${provider} ${account}`) ?? STARTING_CREDITS
  }

  /** Takes the job and its credits; null when the balance is too low. */
  take(
    order: Pick<Job, 'provider' | 'account' | 'prompt' | 'count' | 'size' | 'credits'>,
    id: string,
  ): Job | null {
    const balance = this.balance(order.provider, order.account)
    if (balance < order.credits) return null
    this.#setBalance(order, balance - order.credits)
    const faults = readFaults(order.provider, order.prompt)
    const createdAt = this.#clock.now()
    const seconds = faults.delay ?? this.#seconds()
    const doneAt = createdAt + seconds * 1000
    const fresh = { refunded: false, calledBack: false, denials: 0, troubles: [] }
    const job: Job = { ...order, ...fresh, id, createdAt, doneAt, faults }
    this.jobs.set(id, job)
    return job
  }

  /** The job's state by the clock; a failure is refunded when it is first seen, as documented. */
  stateOf(job: Job): JobState {
    if (this.#clock.now() < job.doneAt) return 'running'
    const { finish } = job.faults
    if (finish === undefined || finish === 'empty') return 'done'
    if (!job.refunded && finish !== 'fail-charged') {
      job.refunded = true
      this.#setBalance(job, this.balance(job.provider, job.account) + job.credits)
    }
    return 'failed'
  }

  /** Whether a fault with `times` strikes once more. */
  strikes(provider: string, prompt: string, kind: string, times: number | undefined): boolean {
    const struck = this.struck(provider, prompt, kind)
    if (times !== undefined && struck >= times) return false
    this.#strikes.set(`${provider} ${kind} ${prompt}`, struck + 1)
    return true
  }

  /** How often a fault has struck. */
  struck(provider: string, prompt: string, kind: string): number {
    return this.#strikes.get(`${provider} ${kind} ${prompt}`) ?? 0
  }

  #setBalance(job: Pick<Job, 'provider' | 'account'>, credits: number): void {
    this.#balances.set(`${job.provider} ${job.account}`, Math.round(credits * 10) / 10)
  }
}
