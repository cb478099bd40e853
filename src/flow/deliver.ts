/**
 * Webhooks to the client.
 *
 * Invariant: every delivery is tried until the receiver takes it, says that it is gone, the schedule
 * is used up, or the task is deleted; all tries carry the same `webhook-id`. Each task delivers in its own
 * runner, so an endpoint that hangs delays nobody else's.
 */
import { isTerminal, type Task } from '../core/task'
import { judgeTry, type TryAnswer } from '../core/webhook'
import {
  abandonDeliveries,
  type ClaimedDeliveries,
  claimDeliveries,
  type Delivery,
  recordTry,
  type TryResult,
} from '../db/deliveries'
import { webhookSecretsOf } from '../db/rotations'
import type { NewDelivery } from '../db/tasks'
import type { Calls } from './calls'
import { kindOf } from './log'
import { messageOf } from './message'
import type { Ports } from './ports'
import { sendWebhook } from './send-webhook'
import { CLAIM_MS, type Session } from './session'

/** How long a try may take, its writing included. */
const TRY_LIMIT_MS = 30_000

/** Begins the deliveries that this runner's own writes owe, and others that are due. */
export async function beginDeliveries(session: Session, task: Task, calls: Calls): Promise<void> {
  const { ports, known } = session
  const { callback_url } = task.request
  if (!isTerminal(task)) return
  const owed = known.takeOwed()
  if (task.deletedAt !== null && session.mayDeliver) {
    await abandonDeliveries(ports.database, task.id, 'the task was deleted')
    session.mayDeliver = false
  }
  if (!callback_url || !calls.haveTimeFor(TRY_LIMIT_MS)) return
  const begin = (delivery: Delivery, secrets: () => Promise<string[]>) =>
    // Asked for anew while a try is under way, it is claimed a second time.
    calls.begin(`deliver ${delivery.id} ${delivery.triedAt}`, () =>
      deliver(session, callback_url, delivery, secrets),
    )
  for (const delivery of owed) {
    begin(asClaimed(task, delivery), () =>
      webhookSecretsOf(ports.database, task.keyId, ports.now()),
    )
  }
  if (!session.mayDeliver) return
  const { deliveries, secrets } = await claim(ports, task)
  session.mayDeliver = false
  for (const delivery of deliveries) begin(delivery, async () => secrets)
}

function claim(ports: Ports, task: Task): Promise<ClaimedDeliveries> {
  const now = ports.now()
  return claimDeliveries(ports.database, task, now, now + CLAIM_MS)
}

/** What this runner wrote was claimed by the same write. */
function asClaimed(task: Task, { claimedUntil, ...delivery }: NewDelivery): Delivery {
  return {
    ...delivery,
    taskId: task.id,
    tries: 0,
    nextTryAt: claimedUntil,
    deliveredAt: null,
    triedAt: delivery.createdAt,
    responseStatus: null,
    fault: null,
  }
}

async function deliver(
  { ports, known }: Session,
  url: string,
  delivery: Delivery,
  secrets: () => Promise<string[]>,
): Promise<void> {
  const startedAt = ports.now()
  try {
    const task = await known.load()
    if (!task) return
    const { body, isSigned } = await messageOf(ports, task, delivery)
    const signature = isSigned ? { id: delivery.id, secrets: await secrets() } : null
    const answer = await sendWebhook(ports, url, body, signature)
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
    ports.log({ event: 'deliver_failed', task: known.id, delivery: delivery.id, reason })
  }
}

function resultOf(ports: Ports, { tries }: Delivery, answer: TryAnswer): TryResult {
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
