/**
 * `llms.txt` and `llms-full.txt`: the reference as plain text, for models that read about this gateway
 * or write code for it.
 *
 * Invariant: written from the OpenAPI document and the pages in `docs/`, so that nothing is said twice.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Document, readDocument } from './client-types.ts'

const ROOT = join(import.meta.dirname, '..')
/** What a client's author reads; the rest is for operators. */
const PAGES = ['docs/agents.md', 'docs/api.md']
const REFERENCE = '#/components/schemas/'

type Operation = Document['paths'][string][string]
type Schema = Document['components']['schemas'][string]

export async function writeLlmsTexts(): Promise<Record<string, string>> {
  const document = await readDocument()
  const pages = await Promise.all(PAGES.map((page) => readFile(join(ROOT, page), 'utf8')))
  const operations = operationsOf(document)
  return {
    'llms.txt': `${introduction()}
${operations.map(({ method, path, operation }) => `- \`${method} ${path}\`: ${operation.summary}`).join('\n')}
`,
    'llms-full.txt': [
      introduction(),
      ...operations.map((one) => describeOperation(one)),
      '## Schemas\n',
      ...Object.entries(document.components.schemas).map(describeSchema),
      ...pages.map((page) => page.replace(/^#/gm, '##')),
    ].join('\n'),
  }
}

function introduction(): string {
  return `# imagegate

> A gateway that makes pictures with GPT Image 2 through four resellers. It never pays twice for one request and never loses a picture that was paid for. All paths are on this host; send \`Authorization: Bearer <key>\`.

- [llms-full.txt](/llms-full.txt): every operation, field and error in one file
- [OpenAPI document](/openapi.json), shown to people at [/docs](/docs)
- \`/mcp\`: the Model Context Protocol, for agents; the same key

## Operations
`
}

interface Named {
  method: string
  path: string
  operation: Operation
}

function operationsOf({ paths }: Document): Named[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
}

function describeOperation({ method, path, operation }: Named): string {
  const { summary, description = '', parameters = [], requestBody, responses } = operation
  const bodies = Object.entries(requestBody?.content ?? {})
  return [
    `### ${method} ${path}\n`,
    `${summary}. ${description}\n`,
    ...parameters.map(
      ({ name, in: place, required, schema, description: about }) =>
        `- \`${name}\` (${place}${required ? ', required' : ''}): ${typeOf(schema)}. ${about ?? ''}`,
    ),
    ...bodies.map(([type, { schema }]) => `- body, ${type}: ${schema ? typeOf(schema) : 'bytes'}`),
    ...Object.entries(responses).flatMap(([status, { content }]) =>
      Object.entries(content ?? {}).map(
        ([type, { schema }]) => `- ${status}, ${type}: ${schema ? typeOf(schema) : 'bytes'}`,
      ),
    ),
    '',
  ].join('\n')
}

function describeSchema([name, schema]: [string, Schema]): string {
  const { description = '', properties = {}, required = [] } = schema
  const fields = Object.entries(properties).map(
    ([field, one]) =>
      `- \`${field}\`${required.includes(field) ? '' : ' (optional)'}: ${typeOf(one)}. ${one.description ?? ''}`,
  )
  const values = Object.keys(properties).length === 0 ? [typeOf(schema)] : fields
  return [`### ${name}\n`, `${description}\n`, ...values, ''].join('\n')
}

function typeOf(schema: Schema): string {
  const { $ref, type, items, anyOf, const: only } = schema
  if ($ref) return $ref.replace(REFERENCE, '')
  if (anyOf) return anyOf.map(typeOf).join(' or ')
  if (only !== undefined) return JSON.stringify(only)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ')
  if (items) return `list of ${typeOf(items)}`
  return [type ?? 'any value'].flat().join(' or ')
}
