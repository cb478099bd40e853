/** Words and forms that several answers share, named once so that the reference names them once. */
import * as z from 'zod'
import { CHARGES } from '../core/attempt'
import { MODELS, PROVIDER_IDS } from '../core/task'

export const providerIdSchema = z.enum(PROVIDER_IDS).meta({
  id: 'ProviderId',
  description: 'A provider, by its domain.',
})

export const modelIdSchema = z.enum(MODELS).meta({
  id: 'ModelId',
  description: 'An image model.',
})

/** A moment, ISO 8601 in UTC. */
export const momentSchema = z.iso.datetime()

export const creditsSchema = z
  .number()
  .nullable()
  .describe('Credits as the provider counts them; null where no price is known.')

export const usdSchema = z
  .number()
  .nullable()
  .describe('US dollars; null where a credit has no known price.')

export const chargedSchema = z
  .enum(CHARGES)
  .describe('Whether money was taken; `unknown` is never hidden behind a friendlier word.')

/** A page or a whole list. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ data: z.array(item) })
}
