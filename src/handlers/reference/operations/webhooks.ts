/** What was sent to a client, and sending it again. */
import { deliveryListSchema, deliverySchema, webhookTestResultSchema } from '../../../wire/webhook'
import { webhookTestSchema } from '../../deliveries'
import type { AddressPolicies } from '../../task-request'
import { CALLBACK_URL, DELIVERY_ID, delivery, TASK_ID } from '../examples'
import type { Operation } from '../operation'

export function webhookOperations({ clientAddresses }: AddressPolicies): Operation[] {
  return [
    {
      id: 'testWebhook',
      method: 'post',
      path: '/v1/webhooks/test',
      tag: 'Webhooks',
      summary: 'Try a webhook',
      description:
        'Sends one signed `webhook.test` message and tells what your endpoint did. It is not tried again.',
      access: 'client',
      body: { name: 'WebhookTest', schema: webhookTestSchema(clientAddresses) },
      answers: [
        {
          status: 200,
          description: 'What came of it.',
          schema: webhookTestResultSchema,
          example: { delivered: true, response_status: 200, milliseconds: 84, error: null },
        },
      ],
      errors: [],
      examples: [{ title: 'Try', body: { callback_url: CALLBACK_URL } }],
    },
    {
      id: 'listDeliveries',
      method: 'get',
      path: '/v1/tasks/{id}/deliveries',
      tag: 'Webhooks',
      summary: "List a task's deliveries",
      description: 'Newest first.',
      access: 'reader',
      answers: [
        {
          status: 200,
          description: 'The webhooks of this task and how their tries went.',
          schema: deliveryListSchema,
          example: { data: [delivery] },
        },
      ],
      errors: ['task_not_found'],
      examples: [{ title: 'List', path: { id: TASK_ID } }],
    },
    {
      id: 'redeliver',
      method: 'post',
      path: '/v1/tasks/{id}/deliveries/{delivery}/redeliver',
      tag: 'Webhooks',
      summary: 'Deliver again',
      description: 'Starts the tries anew, under the same `webhook-id`.',
      access: 'client',
      answers: [
        {
          status: 202,
          description: 'It will be sent at once.',
          schema: deliverySchema,
          example: {
            ...delivery,
            status: 'pending',
            tries: 0,
            delivered_at: null,
            next_try_at: delivery.delivered_at,
          },
        },
      ],
      errors: ['task_not_found', 'not_found'],
      examples: [{ title: 'Again', path: { id: TASK_ID, delivery: DELIVERY_ID } }],
    },
  ]
}
