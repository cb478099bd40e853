/** A run that dies at one of its calls to the outside: it hears nothing any more. */
import type { Crash } from './model-commands'

export class DyingFetch {
  /** Once the call was made. */
  readonly died: Promise<void>
  readonly #call: Crash['call']
  readonly #arrives: boolean
  readonly #revivals: Array<() => void>
  #tellDeath: () => void = () => undefined
  #submissions = 0
  #hasDied = false

  /** @param revivals gets what lets the answer through after all */
  constructor(call: Crash['call'], arrives: boolean, revivals: Array<() => void>) {
    this.#call = call
    this.#arrives = arrives
    this.#revivals = revivals
    this.died = new Promise((resolve) => (this.#tellDeath = resolve))
  }

  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const isDeadly = this.#callOf(input, init) === this.#call && !this.#hasDied
    if (!isDeadly) return fetch(input, init)
    this.#hasDied = true
    const { signal: _, ...rest } = init ?? {}
    const answer = this.#arrives ? await fetch(input, rest) : null
    const body = await answer?.arrayBuffer()
    await new Promise<void>((resolve) => {
      this.#revivals.push(resolve)
      this.#tellDeath()
    })
    if (!answer) throw new TypeError('the connection was dropped')
    return new Response(body ?? null, { status: answer.status, headers: answer.headers })
  }

  #callOf(input: RequestInfo | URL, init?: RequestInit): Crash['call'] {
    if (init?.method === 'POST') {
      this.#submissions++
      return this.#submissions === 1 ? 'submission' : 'second submission'
    }
    return String(input).includes('/files/') ? 'download' : 'look-up'
  }
}
