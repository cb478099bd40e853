/** Client keys as the operator sees them: secrets appear only in the answer that made them. */
import * as z from 'zod'
import { listOf, momentSchema } from './vocabulary'

export const keySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    created_at: momentSchema,
    last_used_at: momentSchema.nullable().describe('To within a few minutes.'),
    rate_limit_per_minute: z.int().nullable().describe('Tasks a minute; null: no limit.'),
    daily_usd_limit: z.number().nullable().describe('A day in UTC; null: no limit.'),
    total_usd_limit: z.number().nullable().describe('Altogether; null: no limit.'),
    daily_usd: z.number().describe('Reserved or charged today; counted only under a spend limit.'),
    total_usd: z.number().describe('The same, altogether.'),
  })
  .meta({ id: 'Key', description: 'A client key, without the key itself.' })

const clientKey = z.string().describe('The key itself, `ig_…`. Shown this once.')
const webhookSecret = z
  .string()
  .describe('Verifies the webhooks of its tasks, `whsec_…`. Shown this once.')
const previousUntil = momentSchema.describe('Until then the replaced one works as well.')

export const newKeyAnswerSchema = keySchema
  .extend({ key: clientKey, webhook_secret: webhookSecret })
  .meta({ id: 'NewKey', description: 'A key just made, with its secrets.' })

export const rotatedKeySchema = keySchema
  .extend({ key: clientKey, previous_until: previousUntil })
  .meta({ id: 'RotatedKey', description: 'A key with its new secret.' })

export const rotatedWebhookSecretSchema = keySchema
  .extend({ webhook_secret: webhookSecret, previous_until: previousUntil })
  .meta({ id: 'RotatedWebhookSecret', description: 'A key with its new webhook secret.' })

export const keyListSchema = listOf(keySchema).meta({ id: 'KeyList' })

export type KeyJson = z.output<typeof keySchema>
export type NewKeyJson = z.output<typeof newKeyAnswerSchema>
export type RotatedKeyJson = z.output<typeof rotatedKeySchema>
export type RotatedWebhookSecretJson = z.output<typeof rotatedWebhookSecretSchema>
export type KeyListJson = z.output<typeof keyListSchema>
