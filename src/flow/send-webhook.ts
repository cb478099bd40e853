/** One try of a webhook: signed now, to an address that the URL guard lets through, redirects not followed. */
import { refuseAddress } from '../core/address'
import { readRetryAfter } from '../core/retry-after'
import { reasonOf, withTimeLimit } from '../core/time-limit'
import { type TryAnswer, webhookHeaders } from '../core/webhook'
import type { Ports } from './ports'

const ANSWER_TIMEOUT_MS = 15_000

export async function sendWebhook(
  ports: Ports,
  url: string,
  secrets: readonly string[],
  id: string,
  message: { type: string; timestamp: string; data: unknown },
): Promise<TryAnswer> {
  const refused = refuseAddress(url, ports.settings.clientAddresses)
  if (refused) return { status: null, fault: `the address ${refused}`, retryAfterMs: 0 }
  const body = JSON.stringify(message)
  const headers = await webhookHeaders(secrets, id, body, ports.now())
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
