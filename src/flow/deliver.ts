/**
 * Webhooks to the client.
 *
 * Invariant: every delivery is tried until the receiver takes it, says that it is gone, the schedule
 * is used up, or the task is deleted; all tries carry the same `webhook-id`. Each task delivers in its own
 * runner, so an endpoint that hangs delays nobody else's.
 */
import { refuseAddress } from '../core/address'
import { readRetryAfter } from '../core/retry-after'
import { isTerminal, type Task } from '../core/task'
import { isoTime } from '../core/time'
import { reasonOf, withTimeLimit } from '../core/time-limit'
import { type Answer, judgeTry, webhookHeaders } from '../core/webhook'
import {
  abandonDeliveries,
  claimDeliveries,
  type Delivery,
  recordTry,
  type TryResult,
} from '../db/deliveries'
import { webhookSecretsOf } from '../db/keys'
import { loadTask } from '../db/tasks'
import type { Calls } from './calls'
import { kindOf } from './log'
import type { Ports } from './ports'
import { taskJson } from './task-json'

const ANSWER_TIMEOUT_MS = 15_000
/** A claim outlasts the call and the writing of its outcome. */
const CLAIM_MS = 45_000

/** Claims the deliveries of a task that are due, and begins them. */
export async function beginDeliveries(ports: Ports, task: Task, calls: Calls): Promise<void> {
  const { callback_url } = task.request
  if (!isTerminal(task)) return
  if (task.deletedAt !== null) {
    await abandonDeliveries(ports.database, task.id, 'the task was deleted')
    return
  }
  if (!callback_url || !calls.haveTimeFor(CLAIM_MS)) return
  const now = ports.now()
  const due = await claimDeliveries(ports.database, task.id, now, now + CLAIM_MS)
  if (due.length === 0) return
  // What is claimed may be younger than the task that was read before.
  const current = (await loadTask(ports.database, task.id)) ?? task
  for (const delivery of due) {
    // Asked for anew while a try is under way, it is claimed a second time.
    const name = `deliver ${delivery.id} ${now}`
    calls.start(name, () => deliver(ports, current, callback_url, delivery))
  }
}

async function deliver(ports: Ports, task: Task, url: string, delivery: Delivery): Promise<void> {
  const startedAt = ports.now()
  try {
    const { settings } = ports
    const secrets = await webhookSecretsOf(ports.database, task.keyId, startedAt)
    const data = await taskJson(settings, task, startedAt)
    const timestamp = isoTime(delivery.createdAt)
    const answer = await sendWebhook(ports, url, secrets, delivery.id, {
      type: delivery.event,
      timestamp,
      data,
    })
    ports.log({
      event: 'deliver',
      task: task.id,
      delivery: delivery.id,
      outcome: answer.fault === null ? 'delivered' : 'failed',
      milliseconds: ports.now() - startedAt,
      ...(answer.fault === null ? {} : { reason: answer.fault }),
    })
    await recordTry(ports.database, delivery, resultOf(ports, delivery, answer))
  } catch (error) {
    // The claim expires, and the same message is sent again.
    const reason = kindOf(error)
    ports.log({ event: 'deliver_failed', task: task.id, delivery: delivery.id, reason })
  }
}

function resultOf(ports: Ports, { tries }: Delivery, answer: Answer): TryResult {
  const verdict = judgeTry(tries + 1, answer, ports.random())
  const { status: responseStatus, fault } = answer
  switch (verdict.kind) {
    case 'delivered':
      return { nextTryAt: null, deliveredAt: ports.now(), responseStatus, fault }
    case 'again':
      return { nextTryAt: ports.now() + verdict.waitMs, deliveredAt: null, responseStatus, fault }
    case 'given_up':
      return { nextTryAt: null, deliveredAt: null, responseStatus, fault }
  }
}

/** One try: signed now, to an address that the URL guard lets through, redirects not followed. */
export async function sendWebhook(
  ports: Ports,
  url: string,
  secrets: readonly string[],
  id: string,
  message: { type: string; timestamp: string; data: unknown },
): Promise<Answer> {
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
