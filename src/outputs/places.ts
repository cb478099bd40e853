/**
 * How many may hold a large buffer at once.
 *
 * Many runners and requests share one isolate and its 128 MiB. Those that must hold much wait here
 * for a place, first come, first served.
 *
 * Invariant: nobody waits for one who is gone. A run that is killed gives nothing back, so a place
 * that shows no progress is taken away, and one who waits and does not ask again loses his turn.
 * Nor does anyone await a promise of another request, which the runtime takes for a hang.
 */

/** A place without a byte of progress for this long is free again. */
const STALLED_MS = 30_000
/** One in the queue asks this often… */
const ASK_EVERY_MS = 50
/** …and is gone when it has not asked for this long. */
const SILENT_MS = 5_000

export interface Place {
  /** Says that its holder is alive and gets on. */
  keep(): void
  leave(): void
}

interface Entry {
  seenAt: number
}

export class Places {
  readonly #count: number
  #held: Entry[] = []
  #waiting: Entry[] = []

  constructor(count: number) {
    this.#count = count
  }

  /** Waits for a place. @throws the signal's reason, when it is aborted before. */
  async take(signal?: AbortSignal): Promise<Place> {
    const entry: Entry = { seenAt: Date.now() }
    this.#waiting.push(entry)
    try {
      while (!this.#isNext(entry)) {
        await scheduler.wait(ASK_EVERY_MS)
        signal?.throwIfAborted()
        entry.seenAt = Date.now()
        // It was taken for gone while its isolate was busy.
        if (!this.#waiting.includes(entry)) this.#waiting.push(entry)
      }
    } finally {
      this.#waiting = this.#waiting.filter((other) => other !== entry)
    }
    this.#held.push(entry)
    return {
      keep: () => {
        entry.seenAt = Date.now()
      },
      leave: () => {
        this.#held = this.#held.filter((other) => other !== entry)
      },
    }
  }

  #isNext(entry: Entry): boolean {
    const now = Date.now()
    this.#held = this.#held.filter(({ seenAt }) => now - seenAt < STALLED_MS)
    this.#waiting = this.#waiting.filter(({ seenAt }) => now - seenAt < SILENT_MS)
    return this.#waiting.indexOf(entry) < this.#count - this.#held.length
  }
}
