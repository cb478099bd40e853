/** What was paid for, one row a provider and day. */
import * as z from 'zod'
import { listOf, providerIdSchema } from './vocabulary'

export const usageRowSchema = z
  .strictObject({
    provider: providerIdSchema,
    day: z.iso.date().describe('In UTC.'),
    images: z.int().describe('Pictures that were charged.'),
    credits: z.number().nullable().describe('Null where no number is known.'),
    usd: z.number().nullable(),
    unknown: z.int().describe('Submissions of which nobody knows whether they were charged.'),
    key_id: z.string().describe('Whose it was, for the admin token only.').optional(),
  })
  .meta({ id: 'UsageRow', description: 'What one provider was paid on one day.' })

export const usageListSchema = listOf(usageRowSchema).meta({ id: 'UsageList' })

export type UsageListJson = z.output<typeof usageListSchema>
