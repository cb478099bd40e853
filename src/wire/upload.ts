/** A reference picture that a client put here so that providers can fetch it. */
import * as z from 'zod'
import { momentSchema } from './vocabulary'

export const uploadSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal('upload'),
    url: z
      .url()
      .describe('For `image_urls`. It is signed, so a provider needs no key to fetch the picture.'),
    expires_at: momentSchema.describe('When `url` stops working.'),
    content_type: z.string().describe('What the file is by its own bytes, such as `image/png`.'),
    bytes: z.int().min(0).describe('How large the file is.'),
    width: z.int().nullable().describe('In pixels.'),
    height: z.int().nullable().describe('In pixels.'),
    sha256: z.string().describe('SHA-256 of the file, in hexadecimal.'),
  })
  .meta({ id: 'Upload', description: 'A reference picture of yours.' })

export type UploadJson = z.output<typeof uploadSchema>
