/** What the gateway sends to a client's `callback_url`, and what it tells of its deliveries. */
import * as z from 'zod'
import { ANNOUNCEMENT_TYPES } from '../core/announcement'
import { taskSchema } from './task'
import { addressSchema, listOf, momentSchema } from './vocabulary'

export const announcementTypeSchema = z.enum(ANNOUNCEMENT_TYPES).meta({
  id: 'AnnouncementType',
  description: '`task.recovered`: a picture came after the task had failed.',
})

export const webhookSchema = z
  .strictObject({
    type: announcementTypeSchema,
    timestamp: momentSchema.describe('When the event became true.'),
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
    id: z.string().describe('The `webhook-id`, the same over all tries.'),
    event: announcementTypeSchema,
    status: z
      .enum(['delivered', 'pending', 'exhausted'])
      .describe('`exhausted`: it is not tried any more.'),
    tries: z.int().min(0),
    response_status: z.int().nullable().describe('What your endpoint answered last.'),
    error: z.string().nullable().describe('Why the last try failed.'),
    created_at: momentSchema,
    tried_at: momentSchema.nullable(),
    next_try_at: momentSchema.nullable(),
    delivered_at: momentSchema.nullable(),
  })
  .meta({ id: 'Delivery', description: 'A webhook that a task owes, and how its tries went.' })

export const deliveryListSchema = listOf(deliverySchema).meta({ id: 'DeliveryList' })

export const webhookTestSchema = z
  .strictObject({
    callback_url: addressSchema.describe('A public https URL that gets a signed test event.'),
  })
  .meta({ id: 'WebhookTest', description: 'Where to send a test webhook.' })

export const webhookTestResultSchema = z
  .strictObject({
    delivered: z.boolean().describe('Whether your endpoint answered with a 2xx.'),
    response_status: z.int().nullable(),
    milliseconds: z.number().describe('How long it took.'),
    error: z.string().nullable(),
  })
  .meta({ id: 'WebhookTestResult', description: 'What your endpoint did.' })

export type WebhookJson = z.output<typeof webhookSchema>
export type TestWebhookJson = z.output<typeof testWebhookSchema>
export type DeliveryJson = z.output<typeof deliverySchema>
export type DeliveryListJson = z.output<typeof deliveryListSchema>
export type WebhookTestResultJson = z.output<typeof webhookTestResultSchema>
