/**
 * The fields of a task's request, with what each means.
 *
 * Addresses are plain strings here: which ones are let through depends on a gateway's settings,
 * so the handler that reads a request adds that check, and those that span fields.
 */
import * as z from 'zod'
import {
  DEFAULT_MODEL,
  type JsonValue,
  PROVIDER_IDS,
  QUALITIES,
  RESOLUTIONS,
  ROUTES,
} from '../core/request'
import { parseRatio, parseSize } from '../core/size'
import {
  ADDRESS_LENGTH_MAX,
  addressSchema,
  askedModelSchema,
  integerSchema,
  providerIdSchema,
} from './vocabulary'

const DEADLINE_SECONDS_MIN = 30
const DEADLINE_SECONDS_MAX = 3600
export const IMAGE_URLS_MAX = 16
/** Every list of tasks carries them, so a body may not be full of names. */
const FALLBACK_MODELS_MAX = 20
/** Of a prompt, whatever a provider takes. */
const PROMPT_LENGTH_MAX = 32_000
const SEED_LENGTH_MAX = 255
const METADATA_NAMES_MAX = 50
const METADATA_NAME_LENGTH_MAX = 64
const METADATA_VALUE_LENGTH_MAX = 512
/** Of `provider_options` as JSON. */
const OPTIONS_BYTES_MAX = 64 * 1024

const text = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax)
    .refine((value) => value.trim() !== '', 'must not be empty')
    .meta({ minLength: 1 })
const isRatio = (value: string) => value === 'auto' || parseRatio(value) !== null
const isSize = (value: string) => value === 'auto' || parseSize(value) !== null
const ratio = z.string().refine(isRatio, 'must look like "4:5" or be "auto"')
const size = z.string().refine(isSize, 'must look like "1536x1024" or be "auto"')

export const OPTIONS_SIZE = `must have at most ${OPTIONS_BYTES_MAX / 1024} KiB as JSON`

export function isOfOptionsSize(options: object): boolean {
  return new TextEncoder().encode(JSON.stringify(options)).length <= OPTIONS_BYTES_MAX
}

/** The recursion sits behind the named schema, so that the reference can name it too. */
export const jsonValueSchema: z.ZodType<JsonValue> = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(z.lazy(() => jsonValueSchema)),
    z.record(
      z.string(),
      z.lazy(() => jsonValueSchema),
    ),
  ])
  .meta({ id: 'JsonValue', description: 'Any JSON value.' })

/** Bytes in an address are told first where they belong, for they are longer than an address may be. */
const referenceSchema = z
  .string()
  .refine((address) => !/^\s*data:/i.test(address), {
    error:
      "can't be a data: URL; send its bytes to POST /v1/uploads and use the url that it answers",
    abort: true,
  })
  .max(ADDRESS_LENGTH_MAX)
  .meta({ format: 'uri', examples: ['https://pictures.example.com/boat.png'] })

const metadataSchema = z
  .record(z.string(), z.string().max(METADATA_VALUE_LENGTH_MAX))
  .refine(
    (metadata) => Object.keys(metadata).length <= METADATA_NAMES_MAX,
    `must have at most ${METADATA_NAMES_MAX} names`,
  )
  .refine(
    (metadata) => Object.keys(metadata).every(({ length }) => length <= METADATA_NAME_LENGTH_MAX),
    `must have names of at most ${METADATA_NAME_LENGTH_MAX} characters`,
  )

export const taskRequestFields = {
  model: askedModelSchema.default(DEFAULT_MODEL).describe('The model that makes the picture.'),
  prompt: text(PROMPT_LENGTH_MAX)
    .describe(
      'What the picture should show. Required, unless there are `image_urls` and the provider needs no prompt.',
    )
    .optional(),
  image_urls: z
    .array(referenceSchema)
    .min(1, 'must not be empty')
    .max(IMAGE_URLS_MAX, `must have at most ${IMAGE_URLS_MAX} URLs`)
    .describe(
      `1 to ${IMAGE_URLS_MAX} https URLs of reference pictures, public ones or from \`POST /v1/uploads\`. They make it image-to-image.`,
    )
    .optional(),
  n: integerSchema(1, 10)
    .default(1)
    .describe(
      'How many pictures. Where a provider makes fewer at once, there are several paid calls.',
    ),
  aspect_ratio: ratio
    .meta({
      description: "Width to height, such as `4:3`, or `auto`. Can't be combined with `size`.",
      pattern: '^([1-9]\\d{0,4}:[1-9]\\d{0,4}|auto)$',
      examples: ['4:3'],
    })
    .optional(),
  resolution: z
    .enum(RESOLUTIONS)
    .describe(
      "How large: `1k` is about 1,024 pixels at the long edge. Can't be combined with `size`.",
    )
    .optional(),
  size: size
    .meta({
      description:
        "Width and height in pixels, such as `1536x1024`, or `auto`. A provider that can't make exactly this size is not used. Can't be combined with `aspect_ratio` or `resolution`.",
      pattern: '^([1-9]\\d{0,4}x[1-9]\\d{0,4}|auto)$',
      examples: ['1536x1024'],
    })
    .optional(),
  quality: z
    .enum(QUALITIES)
    .describe('How much work the model puts in. More of it costs more at some providers.')
    .optional(),
  negative_prompt: text(PROMPT_LENGTH_MAX).describe('What the picture should not show.').optional(),
  seed: text(SEED_LENGTH_MAX)
    .describe('The same seed and prompt give a similar picture.')
    .optional(),
  provider: z
    .enum([...PROVIDER_IDS, 'auto'])
    .describe(
      "The provider that makes it. With `auto`, which is the default, the gateway chooses in the operator's order.",
    )
    .optional(),
  providers: z
    .array(providerIdSchema)
    .min(1, 'must not be empty')
    .describe('Instead of `provider`: the providers to try, in this order.')
    .optional(),
  fallback_models: z
    .array(askedModelSchema)
    .min(1, 'must not be empty')
    .max(FALLBACK_MODELS_MAX, `must have at most ${FALLBACK_MODELS_MAX} models`)
    .describe(
      `Models to try, in this order, when no eligible provider of \`model\` is left; at most ${FALLBACK_MODELS_MAX}.`,
    )
    .optional(),
  max_usd: z
    .number()
    .positive()
    .describe(
      'The most that the task may cost, in US dollars. A dearer provider, or one of unknown price, is not used.',
    )
    .optional(),
  route: z
    .enum(ROUTES)
    .describe(
      'The order in which `auto` and `providers` are tried: as they stand (`order`, the default), by price or by speed. Where that is not known, the provider comes last.',
    )
    .optional(),
  failover_on_refusal: z
    .boolean()
    .describe('Try the next provider even when one refused the content itself. Default: no.')
    .optional(),
  resubmit_on_unknown: z
    .boolean()
    .describe(
      'Submit again when nobody knows whether a provider took the job, at the risk of paying twice. Default: no.',
    )
    .optional(),
  deadline_seconds: integerSchema(DEADLINE_SECONDS_MIN, DEADLINE_SECONDS_MAX)
    .describe("Seconds until a task that is not done fails. Default: the operator's setting.")
    .optional(),
  provider_options: z
    .partialRecord(providerIdSchema, z.record(z.string(), jsonValueSchema))
    .refine(isOfOptionsSize, OPTIONS_SIZE)
    .describe(
      `A provider's own fields, by provider id, sent on as they are; at most ${OPTIONS_BYTES_MAX / 1024} KiB as JSON. A field that the gateway sends itself (prompt, pictures, size, count, callback) is refused.`,
    )
    .optional(),
  callback_url: addressSchema
    .describe('A public https URL that gets a signed webhook when the task is over.')
    .optional(),
  metadata: metadataSchema
    .describe(
      `Your own names and values. They come back as given, and tasks can be listed by them. At most ${METADATA_NAMES_MAX} names of up to ${METADATA_NAME_LENGTH_MAX} characters, with values of up to ${METADATA_VALUE_LENGTH_MAX}.`,
    )
    .optional(),
}

/** A request as it was accepted; `metadata` stands beside it in the task. */
export const acceptedRequestSchema = z
  .strictObject(taskRequestFields)
  .omit({ metadata: true })
  .extend({ model: askedModelSchema, n: z.int() })
  .meta({ id: 'AcceptedRequest', description: 'The request as it was accepted.' })
