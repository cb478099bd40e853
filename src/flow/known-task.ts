/**
 * A task as somebody knows it who settles its events: what was loaded or written last.
 *
 * The one door: decide, write if nobody was faster, else load and decide again. Invariant: no other code
 * writes a task. What is known may be old; the compare-and-set on the version tells, so it is never
 * trusted with a write. The webhook that a transition owes is part of the same write, so a status and
 * its announcement can't come apart.
 */
import { announcementOf } from '../core/announcement'
import type { TaskEvent } from '../core/event'
import { isTerminal, type Task } from '../core/task'
import { decide } from '../core/transition'
import { isUniqueViolation } from '../db/database'
import { loadTask, type NewDelivery, saveTransition } from '../db/tasks'
import { changesOf } from './changes'
import type { Ports } from './ports'

/** The database may be in trouble for about six seconds. */
const TRIES_MAX = 7
const BACKOFF_FIRST_MS = 100
const BACKOFF_MAX_MS = 10_000
/** Far more than the events that can meet; beyond it something is wrong. */
const LOST_RACES_MAX = 100

export interface Settler {
  /** How long a webhook that a write owes is left to the writer; null: it sends none. */
  claimMs: number | null
  /** Hears of every newer version, and whether it is known to be the task's end. */
  onVersion(version: number, isOver: boolean): void
}

const BYSTANDER: Settler = { claimMs: null, onVersion: () => undefined }

export class KnownTask {
  readonly id: string
  /** As it is in the database, as far as is known. */
  #saved: Task | null = null
  /** The same with what is deferred. */
  #current: Task | null = null
  readonly #deferred: TaskEvent[] = []
  #writing: Promise<unknown> = Promise.resolve()
  readonly #owed: NewDelivery[] = []
  readonly #ports: Ports
  readonly #settler: Settler

  constructor(ports: Ports, id: string, settler: Settler = BYSTANDER) {
    this.id = id
    this.#ports = ports
    this.#settler = settler
  }

  /** Null before it was loaded, and where there is no such task. */
  get current(): Task | null {
    return this.#current
  }

  get hasDeferred(): boolean {
    return this.#deferred.length > 0
  }

  /** Loads it unless it is known. */
  async load(): Promise<Task | null> {
    if (this.#saved === null) this.#know(await loadTask(this.#ports.database, this.id))
    return this.#current
  }

  /** Somebody else wrote this version, or one that is not told here. */
  hear(version: number, task: Task | null): void {
    const known = this.#saved?.version ?? 0
    if (task && task.version > known) this.#know(task)
    else if (version > known) this.#saved = null
    this.#settler.onVersion(version, task !== null && isTerminal(task))
  }

  /**
   * Applies an event here, to be written with the next one or by `settle(null)`.
   *
   * Only for what can be found out again.
   */
  defer(event: TaskEvent): void {
    const next = this.#current && decide(this.#current, event, this.#ports.now())
    if (!next) return
    this.#deferred.push(event)
    this.#current = next
  }

  /** The webhooks that its own writes owe, each once. */
  takeOwed(): NewDelivery[] {
    return this.#owed.splice(0)
  }

  /**
   * Applies an event, and with it all that were deferred. One write at a time.
   *
   * @returns the changed task, or null when nothing changes or there is no such task.
   * @throws the database's error once all tries are used up, at once for a reference already taken.
   */
  settle(event: TaskEvent | null): Promise<Task | null> {
    const settled = this.#writing.then(() => this.#settle(event))
    this.#writing = settled.catch(() => undefined)
    return settled
  }

  async #settle(event: TaskEvent | null): Promise<Task | null> {
    let errors = 0
    for (let lostRaces = 0; lostRaces <= LOST_RACES_MAX; ) {
      try {
        await this.load()
        const before = this.#saved
        const events = event ? [...this.#deferred, event] : this.#deferred
        const after = before && decideAll(before, events, this.#ports.now())
        if (!before || !after) {
          // What was deferred has been overtaken.
          this.#deferred.splice(0)
          this.#current = before
          return null
        }
        const delivery = this.#deliveryOf(before, after)
        if (await saveTransition(this.#ports.database, before, after, delivery)) {
          this.#written(before, after, events.length - (event ? 1 : 0), delivery)
          return after
        }
        lostRaces++
        this.#saved = null
      } catch (error) {
        // Whether it was written is not known.
        this.#saved = null
        if (++errors >= TRIES_MAX || isUniqueViolation(error)) throw error
        this.#ports.log({
          event: 'settle_retry',
          task: this.id,
          outcome: event?.type ?? 'deferred',
        })
        await this.#ports.sleep(Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (errors - 1)))
      }
    }
    throw new Error('A task kept changing while an event was applied to it.')
  }

  /** @param flushed how many of the deferred events are written now */
  #written(before: Task, after: Task, flushed: number, delivery: NewDelivery | null): void {
    this.#deferred.splice(0, flushed)
    this.#know(after)
    if (delivery && delivery.claimedUntil !== null) this.#owed.push(delivery)
    if (hasEnded(before, after)) this.#ports.isolate.health = null
    for (const change of changesOf(before, after)) this.#ports.log(change)
  }

  #know(task: Task | null): void {
    this.#saved = task
    this.#current = task && (decideAll(task, this.#deferred, this.#ports.now()) ?? task)
    if (task) this.#settler.onVersion(task.version, isTerminal(task))
  }

  #deliveryOf(before: Task, after: Task): NewDelivery | null {
    const event = announcementOf(before, after)
    if (!event || !after.request.callback_url) return null
    const { claimMs } = this.#settler
    const createdAt = this.#ports.now()
    const claimedUntil = claimMs === null ? null : createdAt + claimMs
    const id = this.#ports.newId('msg')
    return { id, taskVersion: after.version, event, createdAt, claimedUntil }
  }
}

/** Whether the write says something new of how a provider has been doing. */
function hasEnded(before: Task, after: Task): boolean {
  const ended = (task: Task) => task.attempts.filter(({ endedAt }) => endedAt !== null).length
  return ended(after) > ended(before)
}

/** Null when none of the events changes anything. */
function decideAll(task: Task, events: readonly TaskEvent[], now: number): Task | null {
  const after = events.reduce((current, event) => decide(current, event, now) ?? current, task)
  return after === task ? null : after
}
