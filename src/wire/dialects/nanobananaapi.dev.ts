/**
 * The words of nanobananaapi.dev's API, as its page "GPT Image 2" has them: what its clients send, and
 * the pictures that they get.
 */
import * as z from 'zod'
import type { TaskRequest } from '../../core/request'
import type { TaskJson } from '../task'
import { taskRequestFields } from '../task-request'
import { addressSchema } from '../vocabulary'
import { modelSchema, picturesSchema, promptSchema } from './fields'

const fields = {
  model: modelSchema,
  prompt: promptSchema,
  n: z.literal(1).default(1).describe('One picture a call.'),
  size: taskRequestFields.size.describe('Width and height in pixels, or `auto`, the default.'),
  quality: taskRequestFields.quality.describe('Heeded by providers that have such a setting.'),
}

export const nanobananaapiRequestSchema = z
  .strictObject(fields)
  .meta({ id: 'NanobananaapiRequest', description: 'A request in the words of nanobananaapi.dev.' })

export const nanobananaapiEditSchema = z
  .strictObject({
    ...fields,
    image: z
      .union([addressSchema, picturesSchema.unwrap().min(1, 'must not be empty')])
      .describe('One https URL of a reference picture, or several.'),
  })
  .meta({ id: 'NanobananaapiEdit', description: 'An edit in the words of nanobananaapi.dev.' })

const pictureSchema = z.strictObject({
  url: z.url().describe('Signed: whoever has it may fetch the picture until it expires.'),
})

const answerFields = {
  id: z.string().describe('The id of the task.'),
  created: z.int().describe('In seconds since 1970.'),
  costCredits: z.number().nullable().describe('Credits of the provider that made it.'),
}

export const nanobananaapiPictureSchema = z
  .strictObject({ ...answerFields, data: pictureSchema })
  .meta({ id: 'NanobananaapiPicture', description: 'A picture in the words of nanobananaapi.dev.' })

/** "OpenAI-compatible", so the pictures are a list. */
export const nanobananaapiPicturesSchema = z
  .strictObject({ ...answerFields, data: z.array(pictureSchema) })
  .meta({
    id: 'NanobananaapiPictures',
    description: 'A picture in the words of nanobananaapi.dev, as OpenAI lists it.',
  })

export type NanobananaapiRequest = z.output<typeof nanobananaapiRequestSchema>
export type NanobananaapiEdit = z.output<typeof nanobananaapiEditSchema>

export function fromNanobananaapi({
  model,
  prompt,
  n,
  size,
  quality,
  ...rest
}: NanobananaapiRequest | NanobananaapiEdit): TaskRequest {
  return {
    model,
    n,
    prompt,
    size,
    quality,
    optional_wishes: ['quality'],
    ...('image' in rest ? { image_urls: [rest.image].flat() } : {}),
  }
}

/** What is told of a task beside its pictures. */
export function nanobananaapiAnswer({ id, created_at, cost }: TaskJson) {
  const created = Math.floor(Date.parse(created_at) / 1000)
  return { id, created, costCredits: cost.credits }
}
