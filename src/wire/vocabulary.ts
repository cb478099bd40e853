/** Words and forms that several answers share, named once so that the reference names them once. */
import * as z from 'zod'
import { CHARGES } from '../core/attempt'
import { MODELS, PROVIDER_IDS } from '../core/request'

export const providerIdSchema = z.enum(PROVIDER_IDS).meta({
  id: 'ProviderId',
  description: 'The id of a provider, which is its domain.',
})

export const modelIdSchema = z.enum(MODELS).meta({
  id: 'ModelId',
  description: 'The name of an image model.',
})

const MODEL_NAME_LENGTH_MAX = 64

/** What may be asked for: the handler judges it, because a gateway may know more names. */
export const askedModelSchema = z.union([
  modelIdSchema,
  z
    .string()
    .min(1)
    .max(MODEL_NAME_LENGTH_MAX)
    .describe('Another name for one of them; `GET /v1/models` has the `aliases`.'),
])

/** Longer ones are not taken by every server. */
export const ADDRESS_LENGTH_MAX = 8_192

/** Which ones are let through depends on a gateway's settings, so the handler judges it. */
export const addressSchema = z
  .string()
  .max(ADDRESS_LENGTH_MAX)
  .meta({ format: 'uri', examples: ['https://client.example.com/webhooks/imagegate'] })

/** A whole number within bounds that one sentence names. */
export function integerSchema(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z.int({ error }).min(min, error).max(max, error)
}

/** A moment, ISO 8601 in UTC. */
export const momentSchema = z.iso.datetime()

export const creditsSchema = z
  .number()
  .nullable()
  .describe('Credits of the provider; null where the price is not known.')

export const usdSchema = z
  .number()
  .nullable()
  .describe('US dollars; null where the price of a credit is not known.')

export const chargedSchema = z
  .enum(CHARGES)
  .describe('Whether the provider took money: `yes`, `no`, or `unknown` where nobody can tell.')

/** A page or a whole list. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ data: z.array(item) })
}
