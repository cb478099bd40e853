/**
 * The fields of a task's request, with what each means.
 *
 * Addresses are plain strings here: which ones are let through depends on a gateway's settings,
 * so the handler that reads a request adds that check, and those that span fields.
 */
import * as z from 'zod'
import { parseRatio, parseSize } from '../core/size'
import { type JsonValue, PROVIDER_IDS, QUALITIES, RESOLUTIONS, ROUTES } from '../core/task'
import { addressSchema, modelIdSchema, providerIdSchema } from './vocabulary'

const DEADLINE_SECONDS_MIN = 30
const DEADLINE_SECONDS_MAX = 3600
const IMAGE_URLS_MAX = 16

const text = z.string().refine((value) => value.trim() !== '', 'must not be empty')
const isRatio = (value: string) => value === 'auto' || parseRatio(value) !== null
const isSize = (value: string) => value === 'auto' || parseSize(value) !== null
const ratio = z.string().refine(isRatio, 'must look like "4:5" or be "auto"')
const size = z.string().refine(isSize, 'must look like "1536x1024" or be "auto"')

/** The recursion sits behind the named schema, so that the reference can name it too. */
const jsonValue: z.ZodType<JsonValue> = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(z.lazy(() => jsonValue)),
    z.record(
      z.string(),
      z.lazy(() => jsonValue),
    ),
  ])
  .meta({ id: 'JsonValue', description: 'Any JSON value.' })

export const taskRequestFields = {
  model: modelIdSchema.default('gpt-image-2').describe('The model that makes the picture.'),
  prompt: text
    .describe('What to paint. Required, unless `image_urls` is given and the provider allows that.')
    .optional(),
  image_urls: z
    .array(addressSchema)
    .min(1, 'must not be empty')
    .max(IMAGE_URLS_MAX)
    .describe('Public https addresses of reference pictures, which makes it image-to-image.')
    .optional(),
  n: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('Pictures wanted; several paid calls where a provider makes fewer at once.'),
  aspect_ratio: ratio
    .meta({
      description: 'Width to height, or `auto`. Not beside `size`.',
      pattern: '^([1-9]\\d{0,4}:[1-9]\\d{0,4}|auto)$',
      examples: ['4:3'],
    })
    .optional(),
  resolution: z.enum(RESOLUTIONS).describe('The long edge, roughly. Not beside `size`.').optional(),
  size: size
    .meta({
      description:
        'Pixels, met exactly or not at all, or `auto`. Not beside `aspect_ratio` or `resolution`.',
      pattern: '^([1-9]\\d{0,4}x[1-9]\\d{0,4}|auto)$',
      examples: ['1536x1024'],
    })
    .optional(),
  quality: z.enum(QUALITIES).describe('How much work the model puts in.').optional(),
  negative_prompt: text.describe('What the picture should not show.').optional(),
  seed: text.describe('The same seed and prompt give a similar picture.').optional(),
  provider: z
    .enum([...PROVIDER_IDS, 'auto'])
    .describe("Who makes it. Without it, or with `auto`: the operator's order.")
    .optional(),
  providers: z
    .array(providerIdSchema)
    .min(1, 'must not be empty')
    .describe('Instead of `provider`: these, in this order, each at most once.')
    .optional(),
  fallback_models: z
    .array(modelIdSchema)
    .min(1, 'must not be empty')
    .describe('Models tried, in order, when no eligible provider of `model` is left.')
    .optional(),
  max_usd: z
    .number()
    .positive()
    .describe('Providers that are dearer, or of unknown price, are not used.')
    .optional(),
  route: z
    .enum(ROUTES)
    .describe(
      'How `auto` and `providers` are ordered, without it `order`; what is not known comes last.',
    )
    .optional(),
  failover_on_refusal: z
    .boolean()
    .describe('Ask the next provider even when the content itself was refused.')
    .optional(),
  resubmit_on_unknown: z
    .boolean()
    .describe('Submit again when the outcome is unknown, at the risk of paying twice.')
    .optional(),
  deadline_seconds: z
    .int()
    .min(DEADLINE_SECONDS_MIN)
    .max(DEADLINE_SECONDS_MAX)
    .describe("From acceptance to the end of the task; without it the operator's setting.")
    .optional(),
  provider_options: z
    .partialRecord(providerIdSchema, z.record(z.string(), jsonValue))
    .describe(
      "A provider's own fields by its id, sent on as they are. Fields that the gateway fills itself are refused.",
    )
    .optional(),
  callback_url: addressSchema
    .describe('A public https address that gets the signed webhook.')
    .optional(),
  metadata: z
    .record(z.string(), z.string())
    .describe('Your own names and values; they come back as given.')
    .optional(),
}

/** A request as it was accepted; `metadata` stands beside it in the task. */
export const acceptedRequestSchema = z
  .strictObject(taskRequestFields)
  .omit({ metadata: true })
  .extend({ model: modelIdSchema, n: z.int() })
  .meta({ id: 'AcceptedRequest', description: 'The request as it was accepted.' })
