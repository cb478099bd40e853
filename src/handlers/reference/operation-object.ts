/** An operation of the table as OpenAPI writes it. */
import type * as z from 'zod'
import { ERRORS, errorSchema } from '../../wire/error'
import { curlOf } from './curl'
import { errorsOf } from './errors'
import { error as errorExample } from './examples'
import type {
  JsonSchema,
  MediaTypeObject,
  OperationObject,
  ParameterObject,
  ResponseObject,
} from './openapi'
import type { Access, Answer, AnswerHeader, Operation } from './operation'
import type { SchemaCollection } from './schemas'

const SECURITY: Readonly<Record<Access, Array<Record<string, string[]>>>> = {
  client: [{ clientKey: [] }],
  reader: [{ clientKey: [] }, { adminToken: [] }],
  picture: [{ clientKey: [] }, { adminToken: [] }, { signedUrl: [] }],
  admin: [{ adminToken: [] }],
  none: [],
}

export const ANSWER_HEADERS: Readonly<Record<AnswerHeader | 'X-Request-Id', string>> = {
  'X-Request-Id': 'Names this request in the log of the gateway.',
  Location: 'The path of the task.',
  'Idempotent-Replayed': '`true` when an earlier request with this key made the task.',
  'Preference-Applied': 'How long the answer was held at most.',
  'RateLimit-Limit': 'Tasks that the key may make in a minute.',
  'RateLimit-Remaining': 'How many of them are left.',
  'RateLimit-Reset': 'Seconds until the next minute begins.',
  'Retry-After': 'Seconds after which the request has a chance.',
  ETag: 'The picture never changes under its address.',
  'Content-Range': 'Which bytes of how many these are.',
}

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  id: 'As the answer that made it says.',
  index: 'Which of the pictures, from 0.',
  delivery: 'As the list of deliveries says.',
  provider: 'A provider that calls back.',
  attempt: 'The attempt that there is news of.',
  token: 'Proof that the provider was told this address.',
}

export function describeOperation(
  operation: Operation,
  schemas: SchemaCollection,
  publicUrl: string,
): OperationObject {
  const parameters = describeParameters(operation, schemas)
  const requestBody = describeBody(operation, schemas)
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description,
    security: SECURITY[operation.access],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: {
      ...Object.fromEntries(
        operation.answers.map((answer) => [answer.status, describeAnswer(answer, schemas)]),
      ),
      ...describeErrors(operation, schemas),
    },
    'x-codeSamples': operation.examples.map((example) => ({
      lang: 'Shell',
      label: example.title,
      source: curlOf(operation, example, publicUrl),
    })),
  }
}

function describeParameters(operation: Operation, schemas: SchemaCollection): ParameterObject[] {
  const [example] = operation.examples
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return [
    ...names.map((name) => ({
      name,
      in: 'path' as const,
      required: true,
      description: PATH_PARAMETERS[name] ?? '',
      schema: { type: 'string' },
      example: example.path?.[name],
    })),
    ...fieldsOf(operation.query, schemas).map((field) => ({
      ...field,
      in: 'query' as const,
      ...(field.schema.type === 'object' ? { style: 'deepObject' as const, explode: true } : {}),
    })),
    ...fieldsOf(operation.headers, schemas).map((field) => ({ ...field, in: 'header' as const })),
  ]
}

function fieldsOf(object: z.ZodObject | undefined, schemas: SchemaCollection) {
  const { properties = {}, required = [] } = object ? schemas.ofRequest(object) : {}
  return Object.entries(properties).map(([name, { description = '', ...schema }]) => ({
    name,
    required: required.includes(name),
    description,
    schema,
  }))
}

function describeBody(
  { body, fileTypes, examples }: Operation,
  schemas: SchemaCollection,
): OperationObject['requestBody'] | null {
  if (fileTypes) {
    const content = fileTypes.map((type): [string, MediaTypeObject] => [type, fileBody(type)])
    return { required: true, content: Object.fromEntries(content) }
  }
  if (!body) return null
  const shown = examples.flatMap(({ title, body: value }, index) =>
    value ? [[`example${index + 1}`, { summary: title, value }] as const] : [],
  )
  const schema = schemas.ofRequest(body.schema.meta({ id: body.name }))
  const media: MediaTypeObject = { schema, examples: Object.fromEntries(shown) }
  return { required: !body.isOptional, content: { 'application/json': media } }
}

function fileBody(type: string): MediaTypeObject {
  if (type !== 'multipart/form-data') return { schema: { type: 'string', format: 'binary' } }
  const file: JsonSchema = { type: 'string', format: 'binary', description: 'The only file.' }
  return { schema: { type: 'object', properties: { file } } }
}

function describeAnswer(answer: Answer, schemas: SchemaCollection): ResponseObject {
  const { description, schema, example, mediaTypes = [], headers = [] } = answer
  const media = { ...(example === undefined ? {} : { example }) }
  const content = schema
    ? { 'application/json': { schema: schemas.ofAnswer(schema), ...media } }
    : Object.fromEntries(mediaTypes.map((type) => [type, { schema: { type: 'string' }, ...media }]))
  return {
    description,
    headers: headerReferences(headers),
    ...(Object.keys(content).length > 0 ? { content } : {}),
  }
}

function headerReferences(names: readonly AnswerHeader[]): Record<string, { $ref: string }> {
  const all = ['X-Request-Id', ...names]
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** One response a status, naming its codes. */
function describeErrors(
  operation: Operation,
  schemas: SchemaCollection,
): Record<string, ResponseObject> {
  const responses: Record<string, ResponseObject> = {}
  for (const code of errorsOf(operation)) {
    const { status, type, meaning } = ERRORS[code]
    const known = responses[status]
    const line = `\`${code}\`: ${meaning}`
    const example = { error: { code, message: meaning, type } }
    responses[status] = {
      description: known ? `${known.description}\n\n${line}` : line,
      headers: headerReferences(status === 429 ? ['Retry-After'] : []),
      content: {
        'application/json': {
          schema: schemas.ofAnswer(errorSchema),
          example: code === 'invalid_request' ? errorExample : example,
        },
      },
    }
  }
  return responses
}
