/** Fields that the providers' APIs share, whatever each calls them. */
import * as z from 'zod'
import { MODELS } from '../../core/request'
import { taskRequestFields } from '../task-request'
import { addressSchema } from '../vocabulary'

const PICTURES_MAX = 16

export const promptSchema = taskRequestFields.prompt
  .unwrap()
  .describe('What the picture should show.')

/** Which ones there are, the handler says: a model that is not known is an error of its own. */
export const modelSchema = z.string().meta({
  description: `The model that makes the picture: ${MODELS.map((model) => `\`${model}\``).join(', ')}, or another name that the gateway has for one.`,
  examples: ['gpt-image-2'],
})

/** An empty list is none. Where pictures may come from, a gateway's settings say. */
export const picturesSchema = z
  .array(addressSchema)
  .max(PICTURES_MAX, `must have at most ${PICTURES_MAX} URLs`)
  .describe(`Up to ${PICTURES_MAX} public https URLs of reference pictures.`)
  .optional()
