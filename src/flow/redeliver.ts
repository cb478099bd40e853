/** A client wants a webhook once more: its tries begin anew, under the same `webhook-id`. */
import { type Result, refuse, success } from '../core/result'
import type { Task } from '../core/task'
import { type Delivery, restartDelivery } from '../db/deliveries'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { wakeSoon } from './wake'

export async function redeliver(
  ports: Ports,
  task: Task,
  deliveryId: string,
): Promise<Result<Delivery, Refusal<'delivery_not_found'>>> {
  const delivery = await restartDelivery(ports.database, task.id, deliveryId, ports.now())
  if (!delivery) return refuse({ code: 'delivery_not_found' })
  wakeSoon(ports, task, { mayDeliver: true })
  return success(delivery)
}
