/** Quotes, providers, models: what would happen, who can do what, how they are doing. */
import * as z from 'zod'
import { QUALITIES, RESOLUTIONS, WISHES } from '../core/task'
import {
  creditsSchema,
  listOf,
  modelIdSchema,
  momentSchema,
  providerIdSchema,
  usdSchema,
} from './vocabulary'

const wishSchema = z.enum(WISHES)

export const quoteListSchema = z
  .strictObject({
    providers: z
      .array(
        z
          .strictObject({
            provider: providerIdSchema,
            model: modelIdSchema,
            eligible: z.boolean(),
            reason: z.string().nullable().describe('Why it is not eligible.'),
            credits: creditsSchema,
            usd: usdSchema,
          })
          .meta({ id: 'Quote', description: 'One provider, and its price for all `n` pictures.' }),
      )
      .describe('In the order in which they would be tried.'),
  })
  .meta({ id: 'QuoteList', description: 'Who would make a task, and for how much.' })

const offerSchema = z
  .strictObject({
    id: modelIdSchema,
    fields: z.array(wishSchema).readonly().describe('The optional fields it can honour.'),
    prompt_length_max: z.int().nullable().describe('Characters; null where none is documented.'),
    image_urls_max: z.int().nullable().describe('Reference pictures.'),
    aspect_ratios: z
      .array(z.string())
      .readonly()
      .nullable()
      .describe('Null: every one that a legal size meets.'),
    priced_per: z.enum(['image', 'call']),
    prices: z
      .array(
        z.strictObject({
          resolution: z.enum(RESOLUTIONS).nullable().describe('Null: whatever it is.'),
          quality: z.enum(QUALITIES).nullable().describe('Null: whatever it is.'),
          credits: z.number(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ModelOffer', description: 'What a provider documents of one model.' })

export const providerSchema = z
  .strictObject({
    id: providerIdSchema,
    enabled: z.boolean().describe('Whether its key is set on this gateway.'),
    finishes_by: z
      .enum(['callback', 'polling', 'response'])
      .describe('How the gateway learns that a picture is done.'),
    images_per_call: z.int(),
    credit_usd: z.number().nullable().describe('Dollars per credit.'),
    models: z.array(offerSchema),
    success_rate: z.number().nullable().describe('Of the last day, 0 to 1; null without attempts.'),
    median_seconds: z.number().nullable().describe('Of the last day.'),
    breaker: z
      .strictObject({ state: z.enum(['closed', 'open']), open_until: momentSchema.nullable() })
      .describe('While it is `open`, `auto` asks this provider last.'),
    balance: z
      .number()
      .nullable()
      .describe('Credits left, for the admin token only; null where a provider does not tell.')
      .optional(),
  })
  .meta({ id: 'Provider', description: 'A provider: abilities, prices, how it has been doing.' })

export const providerListSchema = listOf(providerSchema).meta({ id: 'ProviderList' })

export const modelListSchema = listOf(
  z
    .strictObject({
      id: modelIdSchema,
      object: z.literal('model'),
      providers: z.array(providerIdSchema).describe('Enabled providers that make it.'),
    })
    .meta({ id: 'Model', description: 'A model that this gateway can make.' }),
).meta({ id: 'ModelList' })

export type QuoteListJson = z.output<typeof quoteListSchema>
export type ProviderJson = z.output<typeof providerSchema>
export type ProviderListJson = z.output<typeof providerListSchema>
export type ModelListJson = z.output<typeof modelListSchema>
