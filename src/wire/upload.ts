/** A reference picture that a client put here so that providers can fetch it. */
import * as z from 'zod'
import { momentSchema } from './vocabulary'

export const uploadSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal('upload'),
    url: z.url().describe('Put it into `image_urls`. Signed: a provider needs no key to fetch it.'),
    expires_at: momentSchema.describe('When the address stops working.'),
    content_type: z.string().describe('By the bytes, whatever the sender called it.'),
    bytes: z.int().min(0),
    width: z.int().nullable(),
    height: z.int().nullable(),
    sha256: z.string(),
  })
  .meta({ id: 'Upload', description: 'A reference picture of yours.' })

export type UploadJson = z.output<typeof uploadSchema>
