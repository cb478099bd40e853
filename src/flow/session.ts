/**
 * What a runner knows of its task between its steps, in memory.
 *
 * All of it may be lost with the runner: what the database does not have is in the answers, which the
 * runner's own storage keeps.
 */

import type { Attempt } from '../core/attempt'
import type { News } from '../core/news'
import { LOOKUP_JITTER, nextLookupAt } from '../core/schedule'
import type { Task } from '../core/task'
import { lookupIntervalMs } from './account'
import { type AnswerStorage, Answers } from './answers'
import type { Audience } from './audience'
import { KnownTask } from './known-task'
import type { Ports } from './ports'

/** A webhook that a write of this runner owes is its own to send until then. */
export const CLAIM_MS = 45_000

export class Session {
  readonly ports: Ports
  readonly known: KnownTask
  readonly lookups: Lookups
  readonly answers: Answers
  /** Where pictures of its own submissions will be put: no run before it can have put any there. */
  readonly emptyKeys = new Set<string>()
  /** Something came that the next step should look at. */
  isWoken = false
  /** A webhook may be due that this runner does not know of. */
  mayDeliver = false
  /** Since when something is deferred. */
  deferredSince: number | null = null
  #onWake: () => void = () => undefined

  constructor(
    ports: Ports,
    taskId: string,
    storage: AnswerStorage,
    audience: Pick<Audience, 'tell'>,
  ) {
    this.ports = ports
    this.answers = new Answers(storage)
    this.lookups = new Lookups(ports)
    this.known = new KnownTask(ports, taskId, {
      claimMs: CLAIM_MS,
      onVersion: (version, isOver) => audience.tell(version, isOver),
    })
  }

  hear({ version, task, mayDeliver = false, lookupPauses }: News): void {
    this.known.hear(version, task ?? null)
    if (mayDeliver) this.mayDeliver = true
    for (const [provider, until] of lookupPauses ?? []) {
      this.ports.isolate.lookupPauses.set(provider, until)
    }
    this.lookups.expectNews()
    this.isWoken = true
    this.#onWake()
  }

  /** Resolves at the next wake, at once if there was one since the last step. */
  nextWake(): Promise<void> {
    return this.isWoken ? Promise.resolve() : new Promise((resolve) => (this.#onWake = resolve))
  }
}

/** When each job of the task was looked up, and is next. */
export class Lookups {
  readonly #endedAt = new Map<string, number>()
  readonly #seen = new Set<string>()
  readonly #jitter: number
  readonly #ports: Ports

  constructor(ports: Ports) {
    this.#ports = ports
    this.#jitter = 1 + LOOKUP_JITTER * ports.random()
  }

  /** Every job is worth a lookup now, whenever it had its last one. */
  expectNews(): void {
    this.#seen.clear()
  }

  nextAt(task: Task, attempt: Attempt): number {
    const lookedUpAt = this.#endedAt.get(attempt.id) ?? null
    const isNews = !this.#seen.has(attempt.id)
    const intervalMs = lookupIntervalMs(attempt.provider) * this.#jitter
    const at = nextLookupAt(task, attempt, lookedUpAt, intervalMs, isNews)
    return Math.max(at, this.#ports.isolate.lookupPauses.get(attempt.provider) ?? 0)
  }

  begun(attempt: Attempt): void {
    this.#seen.add(attempt.id)
  }

  ended(attempt: Attempt): void {
    this.#endedAt.set(attempt.id, this.#ports.now())
  }

  /** The provider just took the job: its first lookup is an interval away. */
  accepted(attemptId: string): void {
    this.#seen.add(attemptId)
    this.#endedAt.set(attemptId, this.#ports.now())
  }
}
