/**
 * The world outside the gateway: the providers at their documented hosts, the clients'
 * webhook endpoints, and nothing else.
 *
 * Invariant: a request to any other host, on any hop, is a violation.
 */
import type { ShownJob } from '../../../sandbox/inspect'
import type { SubmissionRecord } from '../../../sandbox/jobs'
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox'
import type { Env } from '../../../src/settings'
import { Door } from './door'
import { drawSmall } from './picture'
import { RECEIVER_HOST, Receiver } from './receiver'
import type { Stage } from './stage'

/** A submission on its way to a provider. */
export interface Sent {
  host: string
  body: string
}

const STRANGER = 'x-no-such-provider'

export class Outside {
  readonly door: Door
  readonly receiver: Receiver
  readonly #sandbox: Sandbox
  readonly #stage: Stage
  readonly #observers: Array<(sent: Sent) => void> = []

  constructor(stage: Stage, environment: () => Env, seconds: () => number) {
    this.#stage = stage
    this.door = new Door(stage, environment)
    this.receiver = new Receiver(stage)
    this.#sandbox = createSandbox({
      clock: stage.clock,
      seconds,
      draw: drawSmall,
      callBack: (url, body) => this.#callBack(url, body),
    })
  }

  async answer(request: Request): Promise<Response> {
    const { hostname } = new URL(request.url)
    if (hostname === RECEIVER_HOST) return this.receiver.receive(request)
    if (request.method === 'POST') {
      const body = await request.clone().text()
      this.#stage.secrets.push(...tokensIn(body))
      for (const observe of this.#observers) observe({ host: hostname, body })
    }
    const response = await this.#sandbox.fetch(request)
    if (response.headers.has(STRANGER)) {
      this.#stage.violate(`strangers: a request went to ${hostname}`)
    }
    return response
  }

  /** Called when a submission arrives, before the provider has read it. */
  onSubmission(observe: (sent: Sent) => void): void {
    this.#observers.push(observe)
  }

  async jobs(): Promise<ShownJob[]> {
    return (await this.#inspect('jobs')).json()
  }

  async submissions(): Promise<SubmissionRecord[]> {
    return (await this.#inspect('submissions')).json()
  }

  /** The addresses that a provider was told to call back at, with the job that each belongs to. */
  async callbackUrls(): Promise<Array<{ attempt: string; url: string; jobId: string | null }>> {
    return (await this.submissions()).flatMap(({ body, jobId }) => {
      const { callback_url: url } = body as { callback_url?: string }
      const attempt = attemptIn(JSON.stringify(body))
      return url !== undefined && attempt !== null ? [{ attempt, url, jobId }] : []
    })
  }

  #inspect(what: string): Promise<Response> {
    return this.#sandbox.fetch(new Request(`https://sandbox.example.com/_sandbox/${what}`))
  }

  async #callBack(url: string, body: string): Promise<number> {
    const { status } = await this.door.send('provider', url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    if (status === 404) this.#stage.violate('callbacks: a genuine one was turned away')
    return status
  }
}

/** The attempt that the callback address in a submission names, where there is one. */
export function attemptIn(body: string): string | null {
  return /"callback_url":"[^"]*\/([^"/]+)\/[^"/]+"/.exec(body)?.[1] ?? null
}

/** What proves a callback, at the end of its address: nobody else may learn it. */
function tokensIn(body: string): string[] {
  const token = /"callback_url":"[^"]*\/([^"/]+)"/.exec(body)?.[1]
  return token === undefined ? [] : [token]
}
