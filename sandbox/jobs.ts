/**
 * What a provider keeps: accounts with credits, jobs with a clock, and a record of submissions.
 *
 * Invariant: whatever changes here is written to the journal, if there is one, before anybody is
 * answered; a book opened on that journal is the same book.
 */
import { type Faults, readFaults } from './faults.ts'

/** In pixels. */
export interface Size {
  width: number
  height: number
}

export interface Job {
  id: string
  provider: string
  account: string
  prompt: string
  count: number
  size: Size
  credits: number
  /** What makes its pictures differ from those of other jobs with the same prompt. */
  seed: string
  refunded: boolean
  createdAt: number
  /** When the job is done, well or badly. */
  doneAt: number
  faults: Faults
  /** Where to call back, and the address that the pictures' addresses start with; null when over. */
  callback: { url: string; base: string } | null
  /** Of each picture, the address that was named last. */
  named: string[]
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

/** What the book remembers of one change: the newest entry about a job or a fault holds. */
export type Entry =
  | { submission: SubmissionRecord }
  | { job: Job }
  | { strike: { key: string; count: number } }

/** Where the book is kept. */
export interface Journal {
  /** What was written before, oldest first. */
  entries: readonly Entry[]
  write(entry: Entry): void
}

export interface JobOrder
  extends Pick<Job, 'provider' | 'account' | 'prompt' | 'count' | 'size' | 'credits' | 'callback'> {
  /** As the client wants it; else the number of the job among those with its prompt. */
  seed?: string
}

export type JobState = 'running' | 'done' | 'failed'

const STARTING_CREDITS = 100_000

export class JobBook {
  readonly jobs = new Map<string, Job>()
  readonly submissions: SubmissionRecord[] = []
  readonly #balances = new Map<string, number>()
  /** How many jobs there were for each provider and prompt. */
  readonly #made = new Map<string, number>()
  readonly #strikes = new Map<string, number>()
  readonly #clock: Clock
  readonly #seconds: () => number
  readonly #journal: Journal | null

  constructor(clock: Clock, seconds: () => number, journal: Journal | null) {
    this.#clock = clock
    this.#seconds = seconds
    this.#journal = journal
    for (const entry of journal?.entries ?? []) this.#remember(entry)
  }

  balance(provider: string, account: string): number {
    return this.#balances.get(`${provider} ${account}`) ?? STARTING_CREDITS
  }

  /** Notes that a submission came in. */
  note(submission: SubmissionRecord): void {
    this.#change({ submission })
  }

  /** Takes the job and its credits; null when the balance is too low. */
  take(order: JobOrder, id: string): Job | null {
    if (this.balance(order.provider, order.account) < order.credits) return null
    const faults = readFaults(order.provider, order.prompt)
    const createdAt = this.#clock.now()
    const seconds = faults.delay ?? this.#seconds()
    const doneAt = createdAt + seconds * 1000
    const fresh = { refunded: false, named: [], calledBack: false, denials: 0, troubles: [] }
    const seed = order.seed ?? String(this.#made.get(promptKey(order)) ?? 0)
    const job: Job = { ...order, ...fresh, id, seed, createdAt, doneAt, faults }
    this.#change({ job })
    return job
  }

  /** Changes a job that was taken. */
  update(job: Job, change: Partial<Job>): void {
    this.#change({ job: { ...job, ...change } })
  }

  /** The job's state by the clock; a failure is refunded when it is first seen, as documented. */
  stateOf(job: Job): JobState {
    if (this.#clock.now() < job.doneAt) return 'running'
    const { finish } = job.faults
    if (finish === undefined || finish === 'empty') return 'done'
    if (!job.refunded && finish !== 'fail-charged') this.update(job, { refunded: true })
    return 'failed'
  }

  /** Whether a fault with `times` strikes once more. */
  strikes(provider: string, prompt: string, kind: string, times: number | undefined): boolean {
    const struck = this.struck(provider, prompt, kind)
    if (times !== undefined && struck >= times) return false
    this.#change({ strike: { key: `${provider} ${kind} ${prompt}`, count: struck + 1 } })
    return true
  }

  /** How often a fault has struck. */
  struck(provider: string, prompt: string, kind: string): number {
    return this.#strikes.get(`${provider} ${kind} ${prompt}`) ?? 0
  }

  #change(entry: Entry): void {
    this.#journal?.write(entry)
    this.#remember(entry)
  }

  #remember(entry: Entry): void {
    if ('submission' in entry) this.submissions.push(entry.submission)
    else if ('strike' in entry) this.#strikes.set(entry.strike.key, entry.strike.count)
    else this.#rememberJob(entry.job)
  }

  /** A job stays the same object, since whoever waits for it looks at it again later. */
  #rememberJob(now: Job): void {
    const known = this.jobs.get(now.id)
    const paid = chargeOf(now) - (known ? chargeOf(known) : 0)
    const balance = this.balance(now.provider, now.account) - paid
    this.#balances.set(`${now.provider} ${now.account}`, Math.round(balance * 10) / 10)
    if (known) Object.assign(known, now)
    else {
      this.jobs.set(now.id, now)
      this.#made.set(promptKey(now), (this.#made.get(promptKey(now)) ?? 0) + 1)
    }
  }
}

function promptKey({ provider, prompt }: Pick<Job, 'provider' | 'prompt'>): string {
  return `${provider} ${prompt}`
}

function chargeOf({ credits, refunded }: Job): number {
  return refunded ? 0 : credits
}
