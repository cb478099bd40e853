/**
 * Who waits for news of a task, in the memory of its runner.
 *
 * A waiter costs no query while it waits: it is told the moment a newer version is written here,
 * or found at the end of a step after somebody else wrote it.
 */
import { withTimeLimit } from '../core/time-limit'

export class Audience {
  #version = 0
  readonly #waiting = new Set<() => void>()

  tell(version: number): void {
    if (version <= this.#version) return
    this.#version = version
    for (const wakeUp of this.#waiting) wakeUp()
    this.#waiting.clear()
  }

  /** Returns once a version past the given one is known, at the latest after `limitMs`. */
  async untilPast(version: number, limitMs: number): Promise<void> {
    if (this.#version > version) return
    await withTimeLimit(limitMs, async (signal) => {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve)
        signal.addEventListener('abort', () => {
          this.#waiting.delete(resolve)
          resolve()
        })
      })
    })
  }
}
