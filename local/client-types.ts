/**
 * `npm run client:generate`: the client's types, written from the gateway's OpenAPI document.
 *
 * Only what the document uses is understood; anything else stops the generation.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** The parts of the document that the types are made of. */
interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  anyOf?: Schema[]
  enum?: Array<string | number | null>
  const?: string | number | boolean | null
}

type Content = Record<string, { schema?: Schema }>

interface Operation {
  operationId: string
  summary: string
  description?: string
  parameters?: Array<{
    name: string
    in: string
    required?: boolean
    description?: string
    schema: Schema
  }>
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, { content?: Content }>
}

export interface Document {
  paths: Record<string, Record<string, Operation>>
  webhooks: object
  components: Record<string, object> & { schemas: Record<string, Schema> }
}

const ROOT = join(import.meta.dirname, '..')
export const TYPES_FILE = join(ROOT, 'client/types.ts')
const DIALECT = /^\/(openai|compat)\//
const REFERENCE = '#/components/schemas/'

/** The document as a gateway would serve it; the sources are bundled, because Node can't read them. */
export async function readDocument(): Promise<Document> {
  const contents = `import { describeGateway } from './src/handlers/openapi/document'
import { OPERATIONS } from './src/handlers/operations'
export const document = describeGateway(OPERATIONS, 'https://gateway.example.com')`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  })
  const source = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
  const { document }: { document: Document } = await import(`data:text/javascript;base64,${source}`)
  return document
}

/** The text of `client/types.ts`. The dialects have clients of their own. */
export function typesOf(document: Document): string {
  const { schemas } = document.components
  const paths = Object.entries(document.paths).filter(([path]) => !DIALECT.test(path))
  const used = schemasIn([paths, document.webhooks, document.components.responses], schemas)
  const shapes = Object.entries(schemas)
    .filter(([name]) => used.has(name))
    .map(([name, schema]) => `${comment(schema, '')}export type ${name} = ${typeOf(schema, '')}\n`)
  const operations = paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationOf(method, path, operation)),
  )
  return `/** Written by \`npm run client:generate\` from the OpenAPI document; not by hand. */

${shapes.join('\n')}
/** What each operation takes and answers. */
export interface Operations {
${operations.join('\n')}
}
`
}

/** The names of the schemas that something is made of, and of those that these are made of. */
function schemasIn(something: unknown, schemas: Record<string, Schema>): Set<string> {
  const names = new Set<string>()
  const collect = (value: unknown) => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(
      /"#\/components\/schemas\/([^"]+)"/g,
    )) {
      if (names.has(name)) continue
      names.add(name)
      collect(schemas[name])
    }
  }
  collect(something)
  return names
}

function operationOf(method: string, path: string, operation: Operation): string {
  const { summary, parameters = [], requestBody } = operation
  const groups = (['path', 'query', 'header'] as const).map((place) => {
    const fields = parameters.filter((parameter) => parameter.in === place)
    const properties = Object.fromEntries(fields.map(({ name, schema }) => [name, schema]))
    const required = fields.filter((field) => field.required).map(({ name }) => name)
    return `    ${place}: ${fields.length > 0 ? typeOf({ type: 'object', properties, required }, '    ') : 'Record<never, never>'}`
  })
  return `  /** ${summary}. */
  '${method.toUpperCase()} ${path}': {
${groups.join('\n')}
    body: ${bodyOf(requestBody)}
    answer: ${answerOf(operation)}
  }`
}

function bodyOf(body: Operation['requestBody']): string {
  if (!body) return 'undefined'
  const schema = body.content['application/json']?.schema
  const type = schema ? typeOf(schema, '    ') : 'Blob | ArrayBuffer | Uint8Array<ArrayBuffer>'
  return body.required ? type : `${type} | undefined`
}

/** Of JSON its type; `undefined` where there is nothing to read; else the answer as it is. */
function answerOf({ responses }: Operation): string {
  const [good] = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, response]) => response)
  if (!good?.content) return 'undefined'
  const schema = good.content['application/json']?.schema
  return schema ? typeOf(schema, '    ') : 'Response'
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref?.startsWith(REFERENCE)) return schema.$ref.slice(REFERENCE.length)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  if (schema.anyOf)
    return [...new Set(schema.anyOf.map((option) => typeOf(option, indent)))].join(' | ')
  if (schema.properties) return objectType(schema.properties, schema.required ?? [], indent)
  if (typeof schema.additionalProperties === 'object') return mapType(schema, indent)
  if (schema.items) return `Array<${typeOf(schema.items, indent)}>`
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return types.map(primitive).join(' | ')
}

function objectType(
  properties: Record<string, Schema>,
  required: readonly string[],
  indent: string,
): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, schema]) => {
    const key = /^\w+$/.test(name) ? name : literal(name)
    const mark = required.includes(name) ? '' : '?'
    return `${comment(schema, inner)}${inner}${key}${mark}: ${typeOf(schema, inner)}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

function mapType({ additionalProperties, propertyNames }: Schema, indent: string): string {
  const value = typeof additionalProperties === 'object' ? additionalProperties : {}
  const type = typeOf(value, indent)
  return propertyNames
    ? `Partial<Record<${typeOf(propertyNames, indent)}, ${type}>>`
    : `{ [name: string]: ${type} }`
}

function primitive(type: string | undefined): string {
  switch (type) {
    case 'integer':
      return 'number'
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type
    default:
      throw new Error(`There is no type for ${type}.`)
  }
}

function literal(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value)
}

function comment({ description }: Schema, indent: string): string {
  return description ? `${indent}/** ${description} */\n` : ''
}

if (import.meta.main) await writeFile(TYPES_FILE, typesOf(await readDocument()))
