/**
 * Simulated time: a queue of events, taken in the order of their times, without any waiting.
 *
 * Invariant: an event starts only when everything that the one before it set off has come to rest,
 * so the order of all things follows from the seed.
 */
export interface Timer {
  readonly time: number
  /** Set when it was called off. */
  isOff: boolean
}

interface Entry extends Timer {
  sequence: number
  action: () => void
}

/** Far more than any run needs; beyond it the world goes round in circles. */
const EVENTS_MAX = 150_000

export class Clock {
  events = 0
  readonly #heap: Entry[] = []
  #now: number
  #sequence = 0

  constructor(startsAt: number) {
    this.#now = startsAt
  }

  now(): number {
    return this.#now
  }

  /** Whole milliseconds, as the platform's clock has them. */
  at(time: number, action: () => void): Timer {
    const entry = {
      time: Math.max(Math.ceil(time), this.#now),
      isOff: false,
      sequence: this.#sequence++,
      action,
    }
    this.#push(entry)
    return entry
  }

  after(milliseconds: number, action: () => void): Timer {
    return this.at(this.#now + milliseconds, action)
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve))
  }

  /** Lets the world run up to this time. */
  async runUntil(time: number): Promise<void> {
    await atRest()
    for (;;) {
      const next = this.#heap[0]
      if (!next || next.time > time) break
      this.#pop()
      if (next.isOff) continue
      if (++this.events > EVENTS_MAX) throw new Error('The world goes round in circles.')
      this.#now = next.time
      next.action()
      await atRest()
    }
    this.#now = Math.max(this.#now, time)
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let position = heap.length
    while (position > 0) {
      const parent = (position - 1) >> 1
      const above = heap[parent]
      if (!above || isBefore(above, entry)) break
      heap[position] = above
      position = parent
    }
    heap[position] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let position = 0
    for (;;) {
      const left = heap[2 * position + 1]
      const right = heap[2 * position + 2]
      if (!left) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (isBefore(last, child)) break
      heap[position] = child
      position = 2 * position + (isRight ? 2 : 1)
    }
    heap[position] = last
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.time === other.time ? one.sequence < other.sequence : one.time < other.time
}

/** Nothing waits on the outside: an immediate runs once every promise has run dry. */
function atRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
