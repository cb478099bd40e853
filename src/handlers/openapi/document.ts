/**
 * The reference as one OpenAPI 3.1 document, written by `zod-openapi` from the operations.
 *
 * Invariant: nothing is said here of one operation alone; that stands with the operation.
 */
import * as z from 'zod'
import {
  type CreateDocumentOptions,
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiRequestBodyObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi'
import type { Access } from '../auth'
import { type Answer, HEADERS, type HeaderName } from '../endpoint/answer'
import { type Description, TAGS } from '../endpoint/endpoint'
import { curlOf } from './curl'
import { describeErrors, type ErrorResponse } from './errors'
import { EVENTS, WEBHOOKS } from './webhooks'

/** Of the API, not of the gateway's code: what a client may count on. */
const VERSION = '1.0.0'

const DESCRIPTION = `Send \`Authorization: Bearer <key>\`. Times are ISO 8601 in UTC. Every answer carries \`X-Request-Id\`. Every answer that is not 2xx is \`{"error": {"code", "message", "type", "param"?}}\`; \`param\` names the field, header or query value that is wrong.`

const SECURITY: Readonly<Record<Access, Array<Record<string, string[]>>>> = {
  client: [{ clientKey: [] }],
  maker: [{ clientKey: [] }],
  reader: [{ clientKey: [] }, { adminToken: [] }],
  picture: [{ clientKey: [] }, { adminToken: [] }, { signedUrl: [] }],
  admin: [{ adminToken: [] }],
  callback: [],
  none: [],
}

/** What the access itself reads from the query. */
const signedQuery = z.object({
  expires: z.string().optional().describe('Of the signed address, beside `signature`.'),
  signature: z.string().optional().describe('Of the signed address. With it, no key is needed.'),
})

const METHODS = ['post', 'get', 'patch', 'delete']
const TAG_NAMES = Object.keys(TAGS)

export type OpenApiDocument = ReturnType<typeof describeGateway>

export function describeGateway(operations: readonly Description[], publicUrl: string) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const operation of operations.toSorted(inOrder)) {
    const { path, method } = operation
    paths[path] = { ...paths[path], [method]: describeOperation(operation, publicUrl) }
  }
  const headers = Object.entries(HEADERS).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' as const } },
  ])
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'imagegate',
        version: VERSION,
        summary: 'One gateway to several GPT Image 2 resellers.',
        description: DESCRIPTION,
      },
      servers: [{ url: publicUrl }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      paths,
      webhooks: WEBHOOKS,
      components: {
        responses: EVENTS,
        headers: Object.fromEntries(headers),
        securitySchemes: {
          clientKey: { type: 'http', scheme: 'bearer', description: 'A client key, `ig_…`.' },
          adminToken: {
            type: 'http',
            scheme: 'bearer',
            description: "The operator's `ADMIN_TOKEN`, which reads everything and makes no tasks.",
          },
          signedUrl: {
            type: 'apiKey',
            in: 'query',
            name: 'signature',
            description: 'The query of a signed address, good for that one picture.',
          },
        },
      },
    },
    { override: tidy },
  )
}

/** By tag, then the shorter path, then by what is done to it. */
function inOrder(a: Description, b: Description): number {
  const depth = ({ path }: Description) => path.split('/').length
  return (
    TAG_NAMES.indexOf(a.tag) - TAG_NAMES.indexOf(b.tag) ||
    depth(a) - depth(b) ||
    a.path.localeCompare(b.path) ||
    METHODS.indexOf(a.method) - METHODS.indexOf(b.method)
  )
}

function describeOperation(operation: Description, publicUrl: string): ZodOpenApiOperationObject {
  const { access, params, headers, body, answers, examples = [{ title: 'Call' }] } = operation
  const ownQuery = operation.query?.shape ?? {}
  const query = access === 'picture' ? signedQuery.extend(ownQuery) : operation.query
  const responses = Object.entries(answers).map(([status, answer]) => [
    status,
    describeAnswer(answer),
  ])
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description,
    security: SECURITY[access],
    requestParams: {
      ...(params ? { path: params } : {}),
      ...(query ? { query } : {}),
      ...(headers ? { header: headers } : {}),
    },
    ...(body ? { requestBody: describeBody(operation, body) } : {}),
    responses: withBoth(Object.fromEntries(responses), describeErrors(operation, headersOf)),
    'x-codeSamples': examples.map((example) => ({
      lang: 'Shell',
      label: example.title,
      source: curlOf(operation, example, publicUrl),
    })),
  }
}

/** A status that may be either is described as both. */
function withBoth(
  answers: Record<string, ZodOpenApiResponseObject>,
  errors: Record<string, ErrorResponse>,
): Record<string, ZodOpenApiResponseObject> {
  const merged = Object.entries(errors).map(([status, error]) => {
    const answer = answers[status]
    const media = answer?.content?.['application/json']
    if (!answer || !(media?.schema instanceof z.ZodType)) return [status, error] as const
    const shown = error.content['application/json']
    const schema = z.union([media.schema, shown.schema])
    const examples = { answer: { value: media.example }, ...shown.examples }
    const content = { 'application/json': { schema, examples } }
    const description = `${answer.description}\n\n${error.description}`
    return [status, { ...answer, description, content }] as const
  })
  return { ...answers, ...Object.fromEntries(merged) }
}

function describeBody(
  { examples = [] }: Description,
  { content, isRequired }: NonNullable<Description['body']>,
): ZodOpenApiRequestBodyObject {
  const shown = examples.flatMap(({ title, body: value }, index) =>
    value ? [[`example${index + 1}`, { summary: title, value }] as const] : [],
  )
  const media = Object.entries(content).map(([type, schema]) => [
    type,
    {
      schema: schema ?? { type: 'string', format: 'binary' },
      ...(shown.length > 0 ? { examples: Object.fromEntries(shown) } : {}),
    },
  ])
  return { required: isRequired, content: Object.fromEntries(media) }
}

function describeAnswer(answer: Answer): ZodOpenApiResponseObject {
  const { description } = answer
  const headers = headersOf(answer.headers)
  switch (answer.kind) {
    case 'json': {
      const { schema, example } = answer
      return { description, headers, content: { 'application/json': { schema, example } } }
    }
    case 'stream': {
      const example = answer.example === null ? {} : { example: answer.example }
      const media = { schema: { type: 'string' as const }, ...example }
      const isJson = (type: string) => type === 'application/json' && answer.json !== null
      const content = answer.mediaTypes.map((type) => [type, isJson(type) ? answer.json : media])
      return { description, headers, content: Object.fromEntries(content) }
    }
    case 'empty':
      return { description, headers }
  }
}

function headersOf(names: readonly HeaderName[]): Record<string, { $ref: string }> {
  const all: HeaderName[] = ['X-Request-Id', ...names]
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** Takes out what a reader has no use for, and puts back what zod leaves out. */
function tidy({
  jsonSchema: schema,
  zodSchema,
  io,
}: Parameters<NonNullable<CreateDocumentOptions['override']>>[0]): void {
  // Answers stay open, because they may learn new fields.
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties
  // The pattern of a date-time is long and says no more than its format; that of a number is moot.
  if (schema.format || schema.type === 'integer') delete schema.pattern
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  const names = schema.propertyNames
  if (typeof names === 'object' && !('enum' in names) && !('$ref' in names))
    delete schema.propertyNames
  // Of a value that is transformed: the examples are those of the text that is sent.
  const { def } = zodSchema._zod
  if (def.type === 'default' && 'defaultValue' in def) schema.default = def.defaultValue
  const examples = z.globalRegistry.get(zodSchema)?.examples
  if (examples) schema.examples = examples
}
