/** One try of a webhook or callback: signed now if at all, to an address that the URL guard lets through, redirects not followed. */
import { refuseAddress } from '../core/address'
import { readRetryAfter } from '../core/retry-after'
import { reasonOf, withTimeLimit } from '../core/time-limit'
import { USER_AGENT } from '../core/user-agent'
import { type TryAnswer, webhookHeaders } from '../core/webhook'
import type { Ports } from './ports'

const ANSWER_TIMEOUT_MS = 15_000

/** How the receiver can tell that a message is ours. */
export interface Signature {
  secrets: readonly string[]
  /** The same over all tries of a message. */
  id: string
}

export async function sendWebhook(
  ports: Ports,
  url: string,
  message: object,
  signature: Signature | null,
): Promise<TryAnswer> {
  const refused = refuseAddress(url, ports.settings.clientAddresses)
  if (refused) return { status: null, fault: `the address ${refused}`, retryAfterMs: 0 }
  const body = JSON.stringify(message)
  const headers = {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    ...(signature && (await webhookHeaders(signature.secrets, signature.id, body, ports.now()))),
  }
  try {
    return await withTimeLimit(ANSWER_TIMEOUT_MS, async (signal) => {
      const init = { method: 'POST', headers, body, redirect: 'manual', signal } as const
      const response = await ports.fetch(url, init)
      await response.body?.cancel()
      const { status } = response
      const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), ports.now()) ?? 0
      return { status, fault: response.ok ? null : `HTTP ${status}`, retryAfterMs }
    })
  } catch (error) {
    return { status: null, fault: reasonOf(error, ANSWER_TIMEOUT_MS), retryAfterMs: 0 }
  }
}
