/** Client keys as the operator sees them: secrets appear only in the answer that made them. */
import * as z from 'zod'
import { integerSchema, listOf, momentSchema } from './vocabulary'

const GRACE_SECONDS_DEFAULT = 86_400
const GRACE_SECONDS_MAX = 30 * 86_400
const USD_MAX = 1_000_000

const usdLimitSchema = z.number().positive().max(USD_MAX)

const nameSchema = z
  .string()
  .max(200)
  .refine((name) => name.trim() !== '', 'must not be empty')
  .describe('For your own eyes.')
const rateLimitSchema = integerSchema(1, 100_000).describe(
  'How many tasks it may make in a minute.',
)
const dailyUsdLimitSchema = usdLimitSchema.describe(
  'How many dollars it may spend on a day in UTC.',
)
const totalUsdLimitSchema = usdLimitSchema.describe('How many dollars it may spend altogether.')
const mcpMaxUsdSchema = usdLimitSchema.describe(
  'The most that a task made through MCP may cost in dollars, as if each call had this `max_usd`; a call may set a lower one. Tasks of `/v1` and of the other APIs are not held to it.',
)

export const keyRequestSchema = z
  .strictObject({
    name: nameSchema,
    rate_limit_per_minute: rateLimitSchema.optional(),
    daily_usd_limit: dailyUsdLimitSchema.optional(),
    total_usd_limit: totalUsdLimitSchema.optional(),
    mcp_max_usd: mcpMaxUsdSchema.optional(),
  })
  .meta({
    id: 'KeyRequest',
    description: 'A key to make, and what it may spend; a limit that is left out does not exist.',
  })

export const keyChangesSchema = z
  .strictObject({
    name: nameSchema.optional(),
    rate_limit_per_minute: orNull(rateLimitSchema),
    daily_usd_limit: orNull(dailyUsdLimitSchema),
    total_usd_limit: orNull(totalUsdLimitSchema),
    mcp_max_usd: orNull(mcpMaxUsdSchema),
  })
  .meta({
    id: 'KeyChanges',
    description: 'What of a key changes: what is left out stays, and null lifts a limit.',
  })

function orNull<Schema extends z.ZodType>(limit: Schema) {
  return limit.nullable().describe(`${limit.description} Null: no limit.`).optional()
}

export const rotationSchema = z
  .strictObject({
    grace_seconds: integerSchema(0, GRACE_SECONDS_MAX)
      .default(GRACE_SECONDS_DEFAULT)
      .describe('How long the old one still works; 0 ends it, and all older ones, at once.'),
  })
  .meta({ id: 'Rotation', description: 'How a key or a webhook secret is rotated.' })

export const keySchema = z
  .strictObject({
    id: z.string().describe('Names the key without being one: `key_…`.'),
    name: z.string().describe('As the operator named it.'),
    created_at: momentSchema,
    last_used_at: momentSchema
      .nullable()
      .describe('When it was used last, to within a few minutes.'),
    rate_limit_per_minute: z
      .int()
      .nullable()
      .describe('How many tasks it may make in a minute; null: no limit.'),
    daily_usd_limit: z
      .number()
      .nullable()
      .describe('How many dollars it may spend on a day in UTC; null: no limit.'),
    total_usd_limit: z
      .number()
      .nullable()
      .describe('How many dollars it may spend altogether; null: no limit.'),
    mcp_max_usd: z
      .number()
      .nullable()
      .describe('The most that a task made through MCP may cost in dollars; null: no limit.'),
    daily_usd: z
      .number()
      .nullable()
      .describe('Dollars reserved or charged today in UTC; null for a key without a spend limit.'),
    total_usd: z
      .number()
      .nullable()
      .describe(
        'Dollars reserved or charged while the key had a spend limit; null for one without. What any key spent is in the usage.',
      ),
  })
  .meta({ id: 'Key', description: 'A client key, without the key itself.' })

const clientKey = z.string().describe('The key itself, `ig_…`. Shown only in this answer.')
const webhookSecret = z
  .string()
  .describe('Verifies the webhooks of its tasks, `whsec_…`. Shown only in this answer.')
const previousUntil = momentSchema.describe('Until when the old one still works.')

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
