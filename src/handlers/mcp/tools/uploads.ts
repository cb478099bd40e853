/** `upload_reference`: a small picture, put where providers can fetch it. */
import * as z from 'zod'
import { UPLOAD_FORMATS, upload } from '../../../flow/upload'
import { Base64Reader } from '../../../outputs/base64'
import { readerOfBytes } from '../../../outputs/byte-reader'
import { uploadSchema } from '../../../wire/upload'
import { uploadError, uploadJson } from '../../pictures/uploads'
import { tool } from '../tool'

const BASE64_LENGTH_MAX = 3 * 1024 * 1024
const DATA_URL = /^data:[^,]*,/

export const uploadReference = tool({
  name: 'upload_reference',
  title: 'Upload a reference picture',
  description: `Keeps a small ${UPLOAD_FORMATS} picture, given as base64 (at most ${BASE64_LENGTH_MAX / 2 ** 20} MiB of it), for edit_image. A picture that has a public https address needs no upload. A larger file can be sent with POST /v1/uploads and the same key, which gives an id as well. Costs nothing.`,
  isReadOnly: false,
  input: z.strictObject({
    base64: z
      .string()
      .min(1, 'must not be empty')
      .max(BASE64_LENGTH_MAX, `must have at most ${BASE64_LENGTH_MAX} characters`)
      .describe('The bytes of the file as base64, with or without `data:image/png;base64,`.'),
  }),
  output: uploadSchema,
}).handle(async ({ ports, client, signal }, { base64 }) => {
  const text = new TextEncoder().encode(base64.replace(DATA_URL, ''))
  const file = { body: new Base64Reader(readerOfBytes(text)), length: null }
  const uploaded = await upload(ports, client.id, file, signal)
  return uploaded.ok
    ? { kind: 'data', data: uploadJson(uploaded.value) }
    : uploadError(uploaded.refusal)
})
