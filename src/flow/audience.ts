/**
 * Who waits for news of a task, in the memory of its runner.
 *
 * A waiter costs no query while it waits: it is told the moment a newer version is written here,
 * or found at the end of a step after somebody else wrote it.
 */
export class Audience {
  #version = 0
  readonly #waiting = new Set<() => void>()

  tell(version: number): void {
    if (version <= this.#version) return
    this.#version = version
    for (const leave of this.#waiting) leave()
  }

  /** Returns once a version past the given one is known, at the latest after `limitMs`. */
  async untilPast(version: number, limitMs: number): Promise<void> {
    if (this.#version > version) return
    await new Promise<void>((resolve) => {
      const leave = () => {
        clearTimeout(timer)
        this.#waiting.delete(leave)
        resolve()
      }
      const timer = setTimeout(leave, limitMs)
      this.#waiting.add(leave)
    })
  }
}
