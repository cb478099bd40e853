/** What the operator says of a charge that the gateway could not learn. */
import * as z from 'zod'

const CREDITS_MAX = 1_000_000

export const chargeSchema = z
  .strictObject({
    charged: z
      .enum(['yes', 'no'])
      .describe("Whether the provider took money, as the provider's own dashboard says."),
    credits: z
      .number()
      .min(0)
      .max(CREDITS_MAX)
      .describe('What it took, with `charged: "yes"`. Without it, the price that was expected.')
      .optional(),
  })
  .meta({ id: 'Charge', description: 'What became of a charge that was unknown.' })
