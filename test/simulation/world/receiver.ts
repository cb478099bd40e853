/**
 * The clients' webhook endpoints; the path says how one behaves.
 *
 * Invariant: every message is signed with the key's secret and shows none, and what is said under
 * one `webhook-id` is about one event of one task.
 */
import { createHmac } from 'node:crypto'
import { withoutRequest } from './secrets'
import type { Stage } from './stage'

export const RECEIVER_HOST = 'client.example.com'

/** `late`: fails twice before it answers. `down`: never answers well. */
export const BEHAVIOURS = ['ok', 'late', 'down', 'gone', 'redirects', 'hangs'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

const FAILURES_OF_LATE = 2
const HANG_MS = 60_000

export interface Receipt {
  id: string
  taskId: string
  event: string
  /** The answer's status. */
  status: number
  time: number
}

export function receiverUrl(behaviour: Behaviour, marker: string): string {
  return `https://${RECEIVER_HOST}/${behaviour}/${marker}`
}

export class Receiver {
  readonly receipts: Receipt[] = []
  secret = ''
  readonly #stage: Stage

  constructor(stage: Stage) {
    this.#stage = stage
  }

  async receive(request: Request): Promise<Response> {
    const behaviour = new URL(request.url).pathname.split('/')[1] ?? ''
    const id = request.headers.get('webhook-id') ?? ''
    const text = await request.text()
    this.#checkSignature(request.headers, text)
    this.#stage.keepSecret(withoutRequest(text), 'a webhook')
    const { type, data } = JSON.parse(text) as { type: string; data: { id: string } }
    const response = await this.#answer(behaviour, id)
    const time = this.#stage.clock.now()
    this.receipts.push({ id, taskId: data.id, event: type, status: response.status, time })
    return response
  }

  async #answer(behaviour: string, id: string): Promise<Response> {
    switch (behaviour) {
      case 'down':
        return new Response(null, { status: 503 })
      case 'gone':
        return new Response(null, { status: 410 })
      case 'redirects':
        return Response.redirect('https://elsewhere.example.com/', 302)
      case 'hangs':
        await this.#stage.clock.sleep(HANG_MS)
        return new Response(null, { status: 204 })
      case 'late': {
        const earlier = this.receipts.filter((receipt) => receipt.id === id).length
        return new Response(null, { status: earlier < FAILURES_OF_LATE ? 502 : 204 })
      }
      default:
        return new Response(null, { status: 204 })
    }
  }

  /** As Standard Webhooks has it. */
  #checkSignature(headers: Headers, body: string): void {
    const signed = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.${body}`
    const key = Buffer.from(this.secret.replace('whsec_', ''), 'base64')
    const right = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
    if (headers.get('webhook-signature') !== right)
      this.#stage.violate('webhooks: a wrong signature')
  }
}
