/**
 * WebSockets between the gateway and its task runners, and the answer that hands one over.
 *
 * As on the platform: what one end does reaches the other a little later, each end answers a close by
 * itself, and a socket whose other end is gone closes with 1006.
 */
import { currentInvocation } from '../world/invocation'
import type { Stage } from '../world/stage'

const LATENCY_MAX_MS = 8
const LOST_CODE = 1006

type Listener = (event: { code: number }) => void

/** One end. */
export class SimulatedWebSocket {
  /** Called once this end is closed, by whichever side. */
  onEnd: () => void = () => undefined
  /** The other end; none once it is closed. */
  other: SimulatedWebSocket | null = null
  #attachment: unknown = null
  readonly #listeners: Listener[] = []
  readonly #stage: Stage

  constructor(stage: Stage) {
    this.#stage = stage
  }

  accept(): void {
    // Nothing is kept back until then.
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = value
  }

  deserializeAttachment(): unknown {
    return this.#attachment
  }

  addEventListener(type: 'close' | 'error', listener: Listener): void {
    if (type === 'close') this.#listeners.push(listener)
  }

  close(code: number): void {
    const { other } = this
    if (!other) return
    this.#end()
    const { clock, latency } = this.#stage
    clock.after(latency.integer(0, LATENCY_MAX_MS), () => other.hear(code))
  }

  /** Its side is gone. */
  lose(): void {
    this.close(LOST_CODE)
  }

  /** The network lost it, and neither side is told. */
  cut(): void {
    this.onEnd()
    this.other?.onEnd()
    if (this.other) this.other.other = null
    this.other = null
  }

  /** The other end was closed. */
  hear(code: number): void {
    if (!this.other) return
    this.#end()
    for (const listener of this.#listeners) listener({ code })
  }

  #end(): void {
    this.other = null
    this.onEnd()
  }
}

/** `new WebSocketPair()`, of which the runner takes both ends by their number. */
export const SimulatedWebSocketPair = class {
  readonly 0: SimulatedWebSocket
  readonly 1: SimulatedWebSocket

  constructor() {
    const { stage } = currentInvocation()
    this[0] = new SimulatedWebSocket(stage)
    this[1] = new SimulatedWebSocket(stage)
    this[0].other = this[1]
    this[1].other = this[0]
  }
}

interface Handover {
  status: number
  webSocket: SimulatedWebSocket
}

const isHandover = (init: unknown): init is Handover =>
  typeof init === 'object' && init !== null && 'webSocket' in init

/** `Response`, which in Node refuses status 101. */
export const SimulatedResponse = new Proxy(globalThis.Response, {
  construct(target, input: ConstructorParameters<typeof Response>, newTarget) {
    const [body, init] = input
    if (!isHandover(init)) return Reflect.construct(target, input, newTarget)
    const { status, webSocket } = init
    return Object.defineProperties(new target(body), {
      status: { value: status },
      webSocket: { value: webSocket },
    })
  },
})

/** The socket that an answer hands over. */
export function socketOf(response: object): SimulatedWebSocket | null {
  return 'webSocket' in response && response.webSocket instanceof SimulatedWebSocket
    ? response.webSocket
    : null
}
