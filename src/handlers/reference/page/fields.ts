/** Tables of fields with types and descriptions, read from JSON Schema. */
import { html } from 'hono/html'
import type { JsonSchema, ParameterObject } from '../openapi'
import { referencedName } from '../schemas'
import { inline, type Markup } from './text'

interface Row {
  name: string
  schema: JsonSchema
  isRequired: boolean
  description: string
}

/** What a caller sends: most fields may be left out, so the others are marked. */
export function requestTable(caption: string, schema: JsonSchema): Markup {
  return table(caption, rowsOf(schema, ''), 'required')
}

/** What a caller gets: most fields are always there, so the others are marked. */
export function answerTable(caption: string, schema: JsonSchema): Markup {
  return table(caption, rowsOf(schema, ''), 'optional')
}

export function parameterTable(caption: string, parameters: readonly ParameterObject[]): Markup {
  return table(
    caption,
    parameters.map(({ name, schema, required, description }) => ({
      name,
      schema,
      isRequired: required,
      description,
    })),
    'required',
  )
}

/** Objects without a name of their own are spread out under the field that holds them. */
function rowsOf({ properties = {}, required = [] }: JsonSchema, prefix: string): Row[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    {
      name: prefix + name,
      schema,
      isRequired: required.includes(name),
      description: schema.description ?? '',
    },
    ...rowsInside(schema, prefix + name),
  ])
}

function rowsInside(schema: JsonSchema, name: string): Row[] {
  if (schema.properties) return rowsOf(schema, `${name}.`)
  if (schema.items) return rowsInside(schema.items, `${name}[]`)
  return (schema.anyOf ?? []).flatMap((option) => rowsInside(option, name))
}

type Mark = 'required' | 'optional'

function table(caption: string, rows: readonly Row[], mark: Mark): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows.map((field) => row(field, mark))}</tbody>
</table></div>`
}

function row({ name, schema, isRequired, description }: Row, mark: Mark): Markup {
  const isMarked = isRequired === (mark === 'required')
  const marked = isMarked ? html` <span class="mark">${mark}</span>` : ''
  return html`<tr><th scope="row"><code>${name}</code>${marked}</th><td class="type">${typeOf(schema)}</td><td>${inline(description)}${defaultOf(schema)}</td></tr>`
}

function defaultOf(schema: JsonSchema): Markup | '' {
  return schema.default === undefined
    ? ''
    : html` Default: <code>${JSON.stringify(schema.default)}</code>.`
}

function typeOf(schema: JsonSchema): Markup {
  const name = referencedName(schema)
  if (name !== null) return html`<a href="#${name}">${name}</a>`
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.enum) return html`${schema.enum.map((value) => html`<code>${value}</code> `)}`
  if (schema.anyOf) return alternatives(schema.anyOf.map(typeOf))
  if (schema.items) return html`list of ${typeOf(schema.items)}${count(schema)}`
  if (typeof schema.additionalProperties === 'object')
    return html`object of ${typeOf(schema.additionalProperties)}`
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'anything']
  const words = types.map((type) => html`${(type === 'string' && formatOf(schema)) || type}`)
  return html`${alternatives(words)}${range(schema)}`
}

function alternatives(options: Markup[]): Markup {
  return html`${options.map((option, index) => (index === 0 ? option : html` or ${option}`))}`
}

function formatOf({ format }: JsonSchema): string | undefined {
  if (format === 'uri') return 'address'
  return format === 'date-time' ? 'time' : format
}

function range({ minimum, maximum, minLength, maxLength, exclusiveMinimum }: JsonSchema): string {
  if (exclusiveMinimum !== undefined)
    return maximum === undefined ? ` above ${exclusiveMinimum}` : ` up to ${maximum}`
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum}–${maximum}`
  if (maxLength !== undefined) return ` of ${minLength ?? 0}–${maxLength} characters`
  return ''
}

function count({ minItems, maxItems }: JsonSchema): string {
  return maxItems === undefined ? '' : `, ${minItems ?? 0}–${maxItems}`
}
