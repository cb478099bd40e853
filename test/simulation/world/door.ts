/**
 * The gateway's HTTP door, and the network in front of it: requests get lost, late and doubled.
 *
 * Invariant: no answer shows a secret, and only that of a task shows a prompt, as its request.
 */
import { app } from '../../../src/app'
import type { Env } from '../../../src/settings'
import { connectionLost, Invocation } from './invocation'
import { withoutRequest } from './secrets'
import type { Stage } from './stage'

/** Beyond the response the platform lets an invocation live this long. */
const AFTERLIFE_MS = 30_000
/** How long an answer may take. */
export const PATIENCE_MS = 100_000
const TRAVEL_MAX_MS = 40
const DELAY_MAX_MS = 20_000

export interface Answer {
  status: number
  text: string
  headers: Headers
  bytes: Uint8Array
}

export class Door {
  readonly #stage: Stage
  readonly #environment: () => Env

  constructor(stage: Stage, environment: () => Env) {
    this.#stage = stage
    this.#environment = environment
  }

  /**
   * Rejects when no answer comes, or the signal of the request says that nobody waits for it. What was
   * sent by then arrives all the same.
   *
   * @param mayOnlyRead the request must change nothing.
   */
  send(actor: string, url: string, init: RequestInit, mayOnlyRead = false): Promise<Answer> {
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(connectionLost('network')))
      this.#exchange(actor, url, init, mayOnlyRead).then(resolve, reject)
    })
  }

  async #exchange(
    actor: string,
    url: string,
    init: RequestInit,
    mayOnlyRead: boolean,
  ): Promise<Answer> {
    const { clock, latency } = this.#stage
    const { pathname } = new URL(url)
    const label = `${init.method ?? 'GET'} ${pathname.replace(/[^/]{40,}$/, '…')}`
    const fault = this.#stage.chooseFault('network', actor, label)
    await clock.sleep(latency.integer(1, TRAVEL_MAX_MS))
    if (fault === 'delay') await clock.sleep(latency.integer(0, DELAY_MAX_MS))
    if (fault === 'error-before') throw connectionLost('network')
    const handle = () => this.#handle(new Request(url, init), mayOnlyRead)
    if (fault === 'doubled') void handle().catch(() => undefined)
    const answer = await handle()
    this.#stage.note(`${actor} ${label} answered ${answer.status}`)
    if (answer.status >= 400) this.#stage.keepSecret(answer.text, 'an error answer')
    else this.#stage.keepSecret(withoutRequest(answer.text), 'an answer')
    if (fault === 'error-after') throw connectionLost('network')
    return answer
  }

  #handle(request: Request, mayOnlyRead: boolean): Promise<Answer> {
    const stage = this.#stage
    const invocation = new Invocation(stage, 'request', mayOnlyRead)
    const context = {
      props: {},
      passThroughOnException: () => undefined,
      waitUntil: (work: Promise<unknown>) =>
        void work.catch((error: unknown) => stage.log(String(error))),
    }
    return new Promise((resolve, reject) => {
      const limit = stage.clock.after(PATIENCE_MS, () => invocation.crash())
      invocation.onDeath(() => reject(connectionLost('network')))
      // The platform ends what a client no longer waits for, sooner or later.
      request.signal.addEventListener('abort', () => {
        if (stage.latency.chance(0.5)) invocation.crash()
      })
      invocation
        .run(async () => {
          const response = await app.fetch(request, this.#environment(), context)
          const bytes = new Uint8Array(await response.arrayBuffer())
          const { status, headers } = response
          return { status, headers, bytes, text: new TextDecoder().decode(bytes) }
        })
        .then((answer) => {
          limit.isOff = true
          stage.clock.after(AFTERLIFE_MS, () => invocation.end())
          resolve(answer)
        }, reject)
    })
  }
}
