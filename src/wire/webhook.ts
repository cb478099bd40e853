/** What the gateway sends to a client's `callback_url`, and what it tells of its deliveries. */
import * as z from 'zod'
import { ANNOUNCEMENT_TYPES } from '../core/announcement'
import { taskSchema } from './task'
import { addressSchema, listOf, momentSchema } from './vocabulary'

export const announcementTypeSchema = z.enum(ANNOUNCEMENT_TYPES).meta({
  id: 'AnnouncementType',
  description: 'What happened. `task.recovered`: a picture came after the task had failed.',
})

export const webhookSchema = z
  .strictObject({
    type: announcementTypeSchema,
    timestamp: momentSchema.describe('When it happened.'),
    data: taskSchema,
  })
  .meta({ id: 'Webhook', description: 'The body of a webhook.' })

export const testWebhookSchema = z
  .strictObject({
    type: z.literal('webhook.test'),
    timestamp: momentSchema,
    data: z.strictObject({ object: z.literal('test'), message: z.string() }),
  })
  .meta({ id: 'TestWebhook', description: 'The body of a test webhook.' })

export const deliverySchema = z
  .strictObject({
    id: z.string().describe('The `webhook-id`, the same over all retries.'),
    event: announcementTypeSchema,
    status: z
      .enum(['delivered', 'pending', 'exhausted'])
      .describe('`pending`: it will be tried or retried. `exhausted`: there are no more retries.'),
    tries: z.int().min(0).describe('How often it was sent.'),
    response_status: z
      .int()
      .nullable()
      .describe("The HTTP status of your endpoint's last answer; null without one."),
    error: z.string().nullable().describe('Why the last try failed, else null.'),
    created_at: momentSchema,
    tried_at: momentSchema.nullable().describe('When it was sent last.'),
    next_try_at: momentSchema
      .nullable()
      .describe('When the next retry is due; null when there is none.'),
    delivered_at: momentSchema.nullable().describe('When your endpoint took it; null until then.'),
  })
  .meta({ id: 'Delivery', description: 'A webhook of a task, and how its delivery goes.' })

export const deliveryListSchema = listOf(deliverySchema).meta({ id: 'DeliveryList' })

export const webhookTestSchema = z
  .strictObject({
    callback_url: addressSchema.describe('A public https URL that gets a signed test event.'),
  })
  .meta({ id: 'WebhookTest', description: 'Where to send a test webhook.' })

export const webhookTestResultSchema = z
  .strictObject({
    delivered: z.boolean().describe('Whether your endpoint answered with a 2xx.'),
    response_status: z
      .int()
      .nullable()
      .describe("The HTTP status of your endpoint's answer; null without one."),
    milliseconds: z.number().describe('How long your endpoint took to answer.'),
    error: z.string().nullable().describe('Why it failed, else null.'),
  })
  .meta({ id: 'WebhookTestResult', description: 'What your endpoint answered to a test webhook.' })

export type WebhookJson = z.output<typeof webhookSchema>
export type TestWebhookJson = z.output<typeof testWebhookSchema>
export type DeliveryJson = z.output<typeof deliverySchema>
export type DeliveryListJson = z.output<typeof deliveryListSchema>
export type WebhookTestResultJson = z.output<typeof webhookTestResultSchema>
