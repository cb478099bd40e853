/** `/v1/tasks/{id}/deliveries` and `/v1/webhooks/test`: what was sent to the client, and again. */
import * as z from 'zod'
import { isoTime } from '../core/time'
import { type Delivery, listDeliveries as loadDeliveries } from '../db/deliveries'
import { webhookSecretsOf } from '../db/rotations'
import { redeliver as restart } from '../flow/redeliver'
import { sendWebhook } from '../flow/send-webhook'
import {
  type DeliveryJson,
  deliveryListSchema,
  deliverySchema,
  type TestWebhookJson,
  webhookTestResultSchema,
  webhookTestSchema,
} from '../wire/webhook'
import { refuseCallbackUrl } from './addresses'
import { keyIdOf } from './auth'
import { json } from './endpoint/answer'
import { jsonBody } from './endpoint/body'
import { endpoint } from './endpoint/endpoint'
import { isApiError } from './errors'
import { refused } from './refusals'
import { CALLBACK_URL, ENDED_AT, taskParams } from './tasks/examples'
import { findTask } from './tasks/find'

export const DELIVERY_ID = 'msg_01a1fc397e3a7b21a4c5d6e7f8091a2b'
export const TEST_DATA: TestWebhookJson['data'] = {
  object: 'test',
  message: 'If you can verify this, your webhooks will arrive.',
}

const delivery: DeliveryJson = {
  id: DELIVERY_ID,
  event: 'task.succeeded',
  status: 'delivered',
  tries: 1,
  response_status: 200,
  error: null,
  created_at: ENDED_AT,
  tried_at: ENDED_AT,
  next_try_at: null,
  delivered_at: ENDED_AT,
}

export const listDeliveries = endpoint({
  id: 'listDeliveries',
  method: 'get',
  path: '/v1/tasks/{id}/deliveries',
  tag: 'Webhooks',
  summary: 'List webhook deliveries',
  description: 'What was sent to the `callback_url` of this task, newest first.',
  access: 'reader',
  params: taskParams,
  answers: {
    200: json(deliveryListSchema, 'The webhooks of this task and how their tries went.', {
      data: [delivery],
    }),
  },
  errors: ['task_not_found'],
}).handle(async ({ ports, caller, params }) => {
  const task = await findTask(ports, params.id, keyIdOf(caller))
  if (isApiError(task)) return task
  const list = await loadDeliveries(ports.database, task.id)
  return { status: 200, body: { data: list.map(deliveryJson) } }
})

export const redeliver = endpoint({
  id: 'redeliver',
  method: 'post',
  path: '/v1/tasks/{id}/deliveries/{delivery}/redeliver',
  tag: 'Webhooks',
  summary: 'Redeliver a webhook',
  description:
    'Retries it from the start of the schedule, under the same `webhook-id`. The admin token may, too, for an endpoint that is mended.',
  access: 'reader',
  params: taskParams.extend({
    delivery: z.string().meta({ description: 'The id of the delivery.', examples: [DELIVERY_ID] }),
  }),
  answers: {
    202: json(deliverySchema, 'It will be sent at once.', {
      ...delivery,
      status: 'pending',
      tries: 0,
      delivered_at: null,
      next_try_at: ENDED_AT,
    }),
  },
  errors: ['task_not_found', 'not_found'],
}).handle(async ({ ports, caller, params }) => {
  const task = await findTask(ports, params.id, keyIdOf(caller))
  if (isApiError(task)) return task
  const restarted = await restart(ports, task, params.delivery)
  if (!restarted.ok) return refused(restarted.refusal)
  return { status: 202, body: deliveryJson(restarted.value) }
})

/** Sent from here and not by a runner: its answer is what the client asked for. */
export const testWebhook = endpoint({
  id: 'testWebhook',
  method: 'post',
  path: '/v1/webhooks/test',
  tag: 'Webhooks',
  summary: 'Test a webhook',
  description:
    'Sends one signed `webhook.test` event and tells what your endpoint answered. There is no retry.',
  access: 'client',
  body: jsonBody(webhookTestSchema),
  answers: {
    200: json(webhookTestResultSchema, 'What came of it.', {
      delivered: true,
      response_status: 200,
      milliseconds: 84,
      error: null,
    }),
  },
  examples: [{ title: 'Test', body: { callback_url: CALLBACK_URL } }],
}).handle(async ({ ports, caller, body: { callback_url } }) => {
  const refusedAddress = refuseCallbackUrl(ports.settings.clientAddresses, callback_url)
  if (refusedAddress) return refusedAddress
  const startedAt = ports.now()
  const secrets = await webhookSecretsOf(ports.database, caller.id, startedAt)
  const message: TestWebhookJson = {
    type: 'webhook.test',
    timestamp: isoTime(startedAt),
    data: TEST_DATA,
  }
  const signature = { id: ports.newId('msg'), secrets }
  const { fault, status } = await sendWebhook(ports, callback_url, message, signature)
  return {
    status: 200,
    body: {
      delivered: fault === null,
      response_status: status,
      milliseconds: ports.now() - startedAt,
      error: fault,
    },
  }
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
