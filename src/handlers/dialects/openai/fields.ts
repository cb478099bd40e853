/**
 * The fields of OpenAI's image requests, and what each becomes here.
 *
 * Invariant: nothing is dropped that would change the picture. What no provider can do is refused by
 * its name; only what the picture does not depend on is ignored.
 */
import * as z from 'zod'
import { DEFAULT_MODEL, type Quality, type TaskRequest } from '../../../core/request'
import { parseSize } from '../../../core/size'
import { integerSchema } from '../../../wire/vocabulary'

const PROMPT_LENGTH_MAX = 32_000

const QUALITIES = ['auto', 'low', 'medium', 'high', 'standard', 'hd'] as const

/** Those of earlier models: `standard` asked for nothing special. */
const QUALITY_MEANINGS: Record<(typeof QUALITIES)[number], Quality | null> = {
  auto: null,
  standard: null,
  low: 'low',
  medium: 'medium',
  high: 'high',
  hd: 'high',
}

const isSize = (text: string) => text === 'auto' || parseSize(text) !== null

/** @param reason goes on from the field's name */
function refused(reason: string) {
  return z
    .unknown()
    .refine(() => false, reason)
    .optional()
    .describe(`Refused: it ${reason}.`)
}

/** A field whose other values no provider can do. */
function only<const Value extends string | number>(values: readonly Value[], reason: string) {
  return z
    .literal(values, { error: `must be ${values.join(' or ')}: ${reason}` })
    .optional()
    .describe(`Only ${values.map((value) => `\`${value}\``).join(' or ')}: ${reason}.`)
}

const ignored = z.string().optional().describe('Ignored: no provider is told who your users are.')

const UNSUPPORTED = "can't be honoured by any provider"

/** Of generations and edits alike. */
export const imageFields = {
  prompt: z
    .string()
    .max(PROMPT_LENGTH_MAX)
    .refine((text) => text.trim() !== '', 'must not be empty')
    .describe('What the picture should show.'),
  model: z
    .string()
    .min(1)
    .default(DEFAULT_MODEL)
    .describe('One of `GET /openai/v1/models`; any other is a 404.'),
  n: integerSchema(1, 10).default(1).describe('How many pictures.'),
  size: z
    .string()
    .refine(isSize, 'must look like "1536x1024" or be "auto"')
    .optional()
    .meta({
      description: 'Width and height, met exactly or refused, or `auto`.',
      examples: ['1536x1024'],
    }),
  quality: z
    .enum(QUALITIES)
    .optional()
    .describe(
      '`standard` is the same as `auto`, `hd` as `high`. One that no provider of the model has is refused.',
    ),
  background: only(['auto', 'opaque'], 'no provider makes a transparent background'),
  moderation: only(['auto'], 'no provider has a setting for it'),
  output_format: only(
    ['png'],
    'no provider lets you choose the format; the answer names the real one',
  ),
  output_compression: only([100], 'pictures are handed on as they were made'),
  response_format: z
    .enum(['b64_json', 'url'])
    .default('b64_json')
    .describe('Every picture comes with its `url`; `url` leaves out the base64.'),
  stream: z.boolean().default(false).describe('Answers with server-sent events.'),
  partial_images: integerSchema(0, 3)
    .optional()
    .describe('Accepted, but no provider shows unfinished pictures: only the final one comes.'),
  user: ignored,
  safety_identifier: ignored,
  complexity: refused(UNSUPPORTED),
  frame_count: refused(UNSUPPORTED),
  frame_duration_ms: refused(UNSUPPORTED),
  svg: refused(UNSUPPORTED),
}

export const generationSchema = z
  .strictObject({
    ...imageFields,
    style: refused(`${UNSUPPORTED}; say it in the prompt`),
  })
  .meta({ id: 'OpenAiGeneration', description: 'What a picture should be, as OpenAI asks for it.' })

/** Of edits, besides the pictures themselves. */
export const editFields = {
  ...imageFields,
  input_fidelity: only(['high'], 'the model always looks at reference pictures closely'),
  mask: refused(`${UNSUPPORTED}; say in the prompt what to change`),
  markup: refused(`${UNSUPPORTED}; say in the prompt what to change`),
}

export const editFieldsSchema = z.strictObject(editFields)

export type Wanted = z.output<z.ZodObject<typeof imageFields>>

/** The same as a task's request. @param imageUrls addresses that providers can fetch */
export function taskRequestOf(
  { model, prompt, n, size, quality }: Wanted,
  imageUrls: readonly string[],
): TaskRequest {
  const wish = quality === undefined ? null : QUALITY_MEANINGS[quality]
  return {
    model,
    n,
    prompt,
    ...(imageUrls.length > 0 ? { image_urls: [...imageUrls] } : {}),
    ...(size === undefined || size === 'auto' ? {} : { size }),
    ...(wish === null ? {} : { quality: wish }),
  }
}
