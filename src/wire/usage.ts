/** What was paid for, one row a provider and day. */
import * as z from 'zod'
import { listOf, providerIdSchema } from './vocabulary'

export const usageRowSchema = z
  .strictObject({
    provider: providerIdSchema,
    day: z.iso.date().describe('The day in UTC.'),
    images: z.int().describe('How many pictures were charged.'),
    credits: z.number().nullable().describe('Credits charged; null where the price is not known.'),
    usd: z.number().nullable().describe('US dollars charged; null where the price is not known.'),
    unknown: z.int().describe('How many attempts may have been charged: nobody knows.'),
    key_id: z
      .string()
      .describe('The key whose tasks they were. For the admin token only.')
      .optional(),
  })
  .meta({ id: 'UsageRow', description: 'What one provider was paid on one day.' })

export const usageListSchema = listOf(usageRowSchema).meta({ id: 'UsageList' })

export type UsageListJson = z.output<typeof usageListSchema>
