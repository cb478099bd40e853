/** What was paid for, a row for each day, provider or key that it is grouped by. */
import * as z from 'zod'
import { listOf, providerIdSchema } from './vocabulary'

const sums = {
  images: z.int().describe('How many pictures were charged.'),
  credits: z
    .number()
    .nullable()
    .describe('Credits charged, as far as prices are known; null where none is.'),
  usd: z
    .number()
    .nullable()
    .describe('US dollars charged, as far as prices are known; null where none is.'),
  unknown: z.int().describe('How many attempts are over and may have been charged: nobody knows.'),
  unknown_credits: z
    .number()
    .nullable()
    .describe(
      'Credits that these would have cost, as far as prices are known; null where none is.',
    ),
  unknown_usd: z.number().nullable().describe('The same in US dollars.'),
}

export const usageRowSchema = z
  .strictObject({
    day: z.iso.date().describe('The day in UTC. With `group_by=day`.').optional(),
    provider: providerIdSchema.describe('With `group_by=provider`.').optional(),
    key_id: z.string().describe('The key whose tasks they were. With `group_by=key`.').optional(),
    key_name: z
      .string()
      .nullable()
      .describe('Its name, also after it was revoked. With `group_by=key`.')
      .optional(),
    ...sums,
  })
  .meta({ id: 'UsageRow', description: 'What was paid for, of one group.' })

export const usageTotalSchema = z
  .strictObject(sums)
  .meta({ id: 'UsageTotal', description: 'The sum of all rows.' })

export const usageListSchema = listOf(usageRowSchema)
  .extend({ total: usageTotalSchema })
  .meta({ id: 'UsageList' })

export type UsageRowJson = z.output<typeof usageRowSchema>
export type UsageTotalJson = z.output<typeof usageTotalSchema>
export type UsageListJson = z.output<typeof usageListSchema>
