/** Quotes, providers, models: what would happen, who can do what, how they are doing. */
import * as z from 'zod'
import { QUALITIES, RESOLUTIONS, WISHES } from '../core/request'
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
            eligible: z.boolean().describe('Whether it can make this task.'),
            reason: z.string().nullable().describe('Why it is not eligible, else null.'),
            credits: creditsSchema,
            usd: usdSchema,
          })
          .meta({ id: 'Quote', description: 'What one provider would take for all `n` pictures.' }),
      )
      .describe('In the order in which they would be tried.'),
  })
  .meta({ id: 'QuoteList', description: 'Who would make a task, and for how much.' })

const offerSchema = z
  .strictObject({
    id: modelIdSchema,
    fields: z
      .array(wishSchema)
      .readonly()
      .describe('The optional fields of a task that it supports.'),
    prompt_length_max: z
      .int()
      .nullable()
      .describe('The most characters in a prompt; null where no limit is documented.'),
    image_urls_max: z
      .int()
      .nullable()
      .describe('The most reference pictures; null where no limit is documented.'),
    aspect_ratios: z
      .array(z.string())
      .readonly()
      .nullable()
      .describe('The aspect ratios it takes; null where it takes every one.'),
    priced_per: z.enum(['image', 'call']).describe('What `credits` are the price of.'),
    prices: z
      .array(
        z.strictObject({
          resolution: z
            .enum(RESOLUTIONS)
            .nullable()
            .describe('Null: the same at every resolution.'),
          quality: z.enum(QUALITIES).nullable().describe('Null: the same at every quality.'),
          credits: z.number(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ModelOffer', description: 'What a provider documents of one model.' })

export const providerSchema = z
  .strictObject({
    id: providerIdSchema,
    enabled: z.boolean().describe('Whether this gateway has a key of it.'),
    finishes_by: z
      .enum(['callback', 'polling', 'response'])
      .describe('How the gateway learns that a picture is done.'),
    images_per_call: z.int().describe('The most pictures that one paid call makes.'),
    credit_usd: z
      .number()
      .nullable()
      .describe('US dollars per credit; null where it is not known.'),
    models: z.array(offerSchema),
    success_rate: z
      .number()
      .nullable()
      .describe(
        'The share of attempts of the last day that succeeded, 0 to 1; null without attempts.',
      ),
    median_seconds: z
      .number()
      .nullable()
      .describe('How long a picture took in the middle of the last day; null without attempts.'),
    p95_seconds: z
      .number()
      .nullable()
      .describe('How long all but the slowest twentieth took at most; null without attempts.'),
    size_mismatch_rate: z
      .number()
      .nullable()
      .describe(
        'The share of its pictures of the last day with `size_mismatch`, 0 to 1; null without pictures.',
      ),
    breaker: z
      .strictObject({ state: z.enum(['closed', 'open']), open_until: momentSchema.nullable() })
      .describe(
        'While `state` is `open`, after five failures in a row, `auto` asks this provider last.',
      ),
    balance: z
      .number()
      .nullable()
      .describe(
        'Credits left at the provider, null where it does not tell. For the admin token only.',
      )
      .optional(),
  })
  .meta({
    id: 'Provider',
    description: 'What a provider can do, what it costs, and how it has been doing.',
  })

export const providerListSchema = listOf(providerSchema).meta({ id: 'ProviderList' })

export const modelListSchema = listOf(
  z
    .strictObject({
      id: modelIdSchema,
      object: z.literal('model'),
      aliases: z.array(z.string()).describe('Other names for it, which a task may ask for too.'),
      providers: z.array(providerIdSchema).describe('The enabled providers that make it.'),
    })
    .meta({ id: 'Model', description: 'A model that this gateway can make.' }),
).meta({ id: 'ModelList' })

export type QuoteListJson = z.output<typeof quoteListSchema>
export type ProviderJson = z.output<typeof providerSchema>
export type ProviderListJson = z.output<typeof providerListSchema>
export type ModelListJson = z.output<typeof modelListSchema>
