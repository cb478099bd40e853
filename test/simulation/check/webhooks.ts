/**
 * Webhooks: each announcement has arrived, or is listed as given up after the whole schedule.
 *
 * An endpoint that hangs takes the message and never says so: it may get it as often as there are
 * tries, always under the same id.
 */
import type { Behaviour } from '../world/receiver'
import type { DeliveryFact, Facts, TaskFact } from './facts'

const TRIES_MAX = 10
const GONE = 410
/** A fault is chosen this long before its message arrives. */
const TRAVEL_MS = 100
/** Who ends up answering well within the schedule. */
const WILLING: readonly string[] = ['ok', 'late'] satisfies Behaviour[]

export function checkWebhooks(facts: Facts): void {
  for (const task of facts.tasks) {
    for (const delivery of task.deliveries) {
      checkDelivery(facts, task, delivery)
      checkGone(facts, delivery)
    }
  }
  const known = facts.tasks.flatMap((task) => task.deliveries.map(({ id }) => id))
  for (const { id } of facts.world.outside.receiver.receipts) {
    if (!known.includes(id))
      facts.world.violate(`webhooks: ${id} was sent and is not in the outbox`)
  }
}

/** Who says that it is gone is asked again only where a fault kept the gateway from noting it. */
function checkGone({ world }: Facts, { id }: DeliveryFact): void {
  const receipts = world.outside.receiver.receipts.filter((receipt) => receipt.id === id)
  for (const [position, { status, time }] of receipts.entries()) {
    const next = receipts[position + 1]
    if (status !== GONE || !next) continue
    const isExcused = world.strikes.some(
      (strike) => strike.time >= time - TRAVEL_MS && strike.time <= next.time,
    )
    if (!isExcused) world.violate(`webhooks: ${id} was sent to an endpoint that is gone`)
  }
}

function checkDelivery({ world }: Facts, task: TaskFact, delivery: DeliveryFact): void {
  const { id, event, isDelivered, nextTryAt, tries, fault } = delivery
  const receipts = world.outside.receiver.receipts.filter((receipt) => receipt.id === id)
  const behaviour = new URL(task.order.body.callback_url ?? '').pathname.split('/')[1] ?? ''
  const taken = receipts.some(({ status }) => status === 204)
  if (nextTryAt !== null) world.violate(`webhooks: ${id} is still due after seven days`)
  if (isDelivered && !taken) world.violate(`webhooks: ${id} counts as delivered and never arrived`)
  if (receipts.some((receipt) => receipt.taskId !== task.id || receipt.event !== event)) {
    world.violate(`webhooks: ${id} was sent with something else in it`)
  }
  // What was not delivered before its task was deleted is given up.
  if (task.isDeleted) return
  if (!isDelivered && WILLING.includes(behaviour)) {
    world.violate(`webhooks: ${id} was lost after ${tries} tries: ${fault}`)
  }
  const isGone = behaviour === 'gone' && receipts.length > 0
  if (!isDelivered && !isGone && tries < TRIES_MAX) {
    world.violate(`webhooks: ${id} was given up after ${tries} tries`)
  }
}
