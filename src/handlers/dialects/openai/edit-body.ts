/**
 * The two bodies of an edit, a form and JSON, read without holding a picture in memory.
 *
 * A form's files are uploaded as they stream by. A JSON body goes into the bucket if there are pictures
 * in it, and they are taken out of it there.
 */
import * as z from 'zod'
import type { Ports } from '../../../flow/ports'
import { UPLOAD_BYTES_MAX } from '../../../flow/upload'
import {
  answerBytesMax,
  deleteAnswer,
  openAnswerPicture,
  readAnswer,
} from '../../../outputs/answer'
import { ANSWER_ADDRESS, ANSWER_TEXT_BYTES_MAX } from '../../../outputs/answer-text'
import { uploadKey } from '../../../outputs/bucket'
import { type FormPart, readForm } from '../../../outputs/form'
import { type Body, checkFields, formError, readFields, readLength } from '../../endpoint/body'
import { refuseCompressed } from '../../endpoint/compression'
import { parse } from '../../endpoint/parse'
import { ApiError, invalid, tooLarge } from '../../errors'
import { editFields, type Wanted } from './fields'
import { pictureError, REFERENCES_MAX, type References } from './references'

const FORM_CAPS = {
  bytesMax: REFERENCES_MAX * UPLOAD_BYTES_MAX + ANSWER_TEXT_BYTES_MAX,
  textBytesMax: ANSWER_TEXT_BYTES_MAX,
  partsMax: 100,
}
const JSON_BYTES_MAX = answerBytesMax(UPLOAD_BYTES_MAX, REFERENCES_MAX)

/** `image`, `image[]` or `image[0]`. */
const IMAGE_PART = /^image(\[\d*\])?$/
const NUMBERS = ['n', 'output_compression', 'partial_images']
const TRUTHS = new Map([
  ['true', true],
  ['false', false],
])

const fieldsSchema = z.strictObject(editFields)

const formSchema = fieldsSchema
  .extend({
    image: z
      .array(z.file())
      .describe(
        'PNG, JPEG or WebP files of at most 50 MiB, up to 16. Also `image` once or several times, and as text the https address of a picture.',
      ),
  })
  .meta({ id: 'OpenAiEditForm', description: 'An edit as a form.' })

const jsonSchema = fieldsSchema
  .extend({
    images: z
      .array(
        z.strictObject({
          image_url: z.string().describe('An https address, or a `data:` URL.'),
          file_id: z
            .unknown()
            .refine(() => false, "can't be used: there are no files here")
            .optional()
            .describe('Refused: there are no files here.'),
        }),
      )
      .min(1, 'must not be empty')
      .max(REFERENCES_MAX),
  })
  .meta({ id: 'OpenAiEdit', description: 'An edit as JSON.' })

/** A body that was recognized, and nothing of it read yet. */
export interface EditBody {
  kind: 'form' | 'json'
  contentType: string
  stream: ReadableStream<Uint8Array>
  /** As the sender says; null when it does not. */
  length: number | null
}

export const editBody: Body<EditBody | ApiError<'unsupported_media_type'>> = {
  isRequired: true,
  content: { 'multipart/form-data': formSchema, 'application/json': jsonSchema },
  errors: ['invalid_request', 'body_too_large', 'unsupported_media_type'],
  read: async (request) => {
    refuseCompressed(request)
    const contentType = request.headers.get('Content-Type') ?? ''
    const stream = request.body ?? new Blob([]).stream()
    switch (contentType.split(';')[0]?.trim().toLowerCase()) {
      case 'multipart/form-data': {
        const length = readLength(request, FORM_CAPS.bytesMax)
        return { kind: 'form', contentType, stream, length }
      }
      case 'application/json':
        return { kind: 'json', contentType, stream, length: readLength(request, JSON_BYTES_MAX) }
      default:
        return new ApiError('unsupported_media_type', 'Send a form with files, or JSON.')
    }
  },
}

type Refused = ApiError<'invalid_request' | 'body_too_large'>

/** What is wanted; its pictures are added to the references. */
export function readEdit(
  ports: Ports,
  body: EditBody,
  references: References,
): Promise<Wanted | Refused> {
  return body.kind === 'form'
    ? readEditForm(body, references)
    : readEditJson(ports, body, references)
}

async function readEditForm(
  { stream, contentType }: EditBody,
  references: References,
): Promise<Wanted | Refused> {
  const fields = new Map<string, unknown>()
  for await (const part of readForm(stream, contentType, FORM_CAPS)) {
    if (!part.ok) return formError(part.refusal)
    const refused = IMAGE_PART.test(part.value.name)
      ? await addPart(references, part.value)
      : setField(fields, part.value)
    if (refused) return refused
  }
  const values = Object.fromEntries(fields)
  checkFields(values)
  const wanted = parse(fieldsSchema, values)
  return references.list.length > 0 ? wanted : invalid('image', 'image is required.')
}

function addPart(references: References, part: FormPart): Promise<Refused | null> {
  return part.kind === 'file'
    ? references.addFile('image', { body: part.body, length: null })
    : references.addAddress('image', part.text)
}

/** Values of a form are all text. A file where none belongs is refused like any value. */
function setField(fields: Map<string, unknown>, part: FormPart): Refused | null {
  const { name } = part
  if (fields.has(name)) return invalid(name, `The field "${name}" stands twice in the form.`)
  fields.set(name, part.kind === 'file' ? {} : typedValue(name, part.text))
  return null
}

function typedValue(name: string, text: string): unknown {
  if (name === 'stream') return TRUTHS.get(text) ?? text
  return NUMBERS.includes(name) && /^-?\d{1,9}$/.test(text) ? Number(text) : text
}

async function readEditJson(
  ports: Ports,
  { stream, length }: EditBody,
  references: References,
): Promise<Wanted | Refused> {
  const { bucket } = ports
  // Among the uploads, so that one left behind by a crash goes when they go.
  const key = uploadKey(ports.newId('upl'))
  try {
    const answer = { body: stream, length, bytesMax: JSON_BYTES_MAX }
    const text = await readAnswer(bucket, key, answer)
    if (!text.ok)
      return text.refusal.kind === 'too_large'
        ? tooLarge(text.refusal.bytesMax)
        : new ApiError('invalid_request', 'The body is not readable.')
    const { images, ...wanted } = parse(jsonSchema, readFields(text.value.text))
    for (const [index, { image_url: address }] of images.entries()) {
      const field = `images[${index}].image_url`
      const embedded = ANSWER_ADDRESS.exec(address)?.[1]
      const refused =
        embedded === undefined
          ? await references.addAddress(field, address)
          : await addEmbedded(bucket, key, Number(embedded), field, references)
      if (refused) return refused
    }
    return wanted
  } finally {
    await deleteAnswer(bucket, key)
  }
}

async function addEmbedded(
  bucket: R2Bucket,
  key: string,
  index: number,
  field: string,
  references: References,
): Promise<Refused | null> {
  const picture = await openAnswerPicture(bucket, key, index)
  return picture.ok
    ? references.addPicture(field, picture.value)
    : pictureError(field, picture.refusal)
}
