/** `/v1/tasks/{id}/deliveries` and `/v1/webhooks/test`: what was sent to the client, and again. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { AddressPolicy } from '../core/address'
import { isoTime } from '../core/time'
import { type Delivery, listDeliveries } from '../db/deliveries'
import { validSecrets } from '../db/keys'
import { redeliver } from '../flow/redeliver'
import { sendWebhook } from '../flow/send-webhook'
import type {
  DeliveryJson,
  DeliveryListJson,
  TestWebhookJson,
  WebhookTestResultJson,
} from '../wire/webhook'
import { authenticate, authenticateClient } from './auth'
import { readJson } from './body'
import type { AppEnv } from './context'
import { findTask } from './find-task'
import { refused } from './refusals'
import { addressSchema } from './task-request'

export const deliveries = new Hono<AppEnv>()

deliveries.get('/:id/deliveries', async (c) => {
  const task = await findTask(c, await authenticate(c))
  const list = await listDeliveries(c.get('ports').database, task.id)
  return c.json({ data: list.map(deliveryJson) } satisfies DeliveryListJson)
})

deliveries.post('/:id/deliveries/:delivery/redeliver', async (c) => {
  const ports = c.get('ports')
  const key = await authenticateClient(c)
  const task = await findTask(c, { kind: 'client', key })
  const id = c.req.param('delivery')
  const restarted = await redeliver(ports, task, id)
  if (!restarted.ok) throw refused(restarted.refusal)
  return c.json(deliveryJson(restarted.value), 202)
})

export const webhooks = new Hono<AppEnv>()

export const TEST_DATA: TestWebhookJson['data'] = {
  object: 'test',
  message: 'If you can verify this, your webhooks will arrive.',
}

/** The body of `POST /v1/webhooks/test` at a gateway with this address policy. */
export function webhookTestSchema(policy: AddressPolicy) {
  return z.strictObject({
    callback_url: addressSchema(policy).meta({
      format: 'uri',
      description: 'A public https address that gets a signed test message.',
    }),
  })
}

/** Sent from here and not by a runner: its answer is what the client asked for. */
webhooks.post('/test', async (c) => {
  const ports = c.get('ports')
  const key = await authenticateClient(c)
  const schema = webhookTestSchema(ports.settings.clientAddresses)
  const { callback_url } = await readJson(c, schema)
  const startedAt = ports.now()
  const answer = await sendWebhook(
    ports,
    callback_url,
    validSecrets(key, startedAt),
    ports.newId('msg'),
    {
      type: 'webhook.test',
      timestamp: isoTime(startedAt),
      data: TEST_DATA,
    } satisfies TestWebhookJson,
  )
  return c.json({
    delivered: answer.fault === null,
    response_status: answer.status,
    milliseconds: ports.now() - startedAt,
    error: answer.fault,
  } satisfies WebhookTestResultJson)
})

function deliveryJson(delivery: Delivery): DeliveryJson {
  return {
    id: delivery.id,
    event: delivery.event,
    status: statusOf(delivery),
    tries: delivery.tries,
    response_status: delivery.responseStatus,
    error: delivery.fault,
    created_at: isoTime(delivery.createdAt),
    tried_at: isoTime(delivery.triedAt),
    next_try_at: isoTime(delivery.nextTryAt),
    delivered_at: isoTime(delivery.deliveredAt),
  }
}

function statusOf({ deliveredAt, nextTryAt }: Delivery): 'delivered' | 'pending' | 'exhausted' {
  if (deliveredAt !== null) return 'delivered'
  return nextTryAt === null ? 'exhausted' : 'pending'
}
