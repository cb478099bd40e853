/** One operation on the page: what it is for, how to call it, what comes back. */
import { html } from 'hono/html'
import type { JsonSchema, MediaTypeObject, OperationObject, ResponseObject } from '../openapi'
import { referencedName } from '../schemas'
import { parameterTable, requestTable } from './fields'
import { code, inline, json, type Markup, paragraphs } from './text'

type Schemas = Readonly<Record<string, JsonSchema>>

export function operationSection(
  method: string,
  path: string,
  operation: OperationObject,
  schemas: Schemas,
): Markup {
  const { operationId, summary, description, parameters, requestBody, responses } = operation
  return html`<section class="operation" aria-labelledby="${operationId}">
<h3 id="${operationId}"><a href="#${operationId}">${summary}</a></h3>
<p class="endpoint"><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code> <span class="access">${accessOf(operation)}</span></p>
${paragraphs(description)}
${samples(operation)}
${parameters ? parameterTable('Parameters', parameters) : ''}
${Object.entries(requestBody?.content ?? {}).map(([type, media]) => body(type, media, schemas))}
${answers(responses)}
</section>`
}

/** The first one in sight, the others for who wants more. */
function samples({ 'x-codeSamples': all = [] }: OperationObject): Markup[] {
  return all.map(({ label, source }, index) =>
    index === 0
      ? code(label, source)
      : html`<details><summary>${label}</summary>${code(label, source)}</details>`,
  )
}

function accessOf({ security }: OperationObject): string {
  const schemes = security.flatMap((requirement) => Object.keys(requirement))
  if (schemes.length === 0) return 'no key'
  if (schemes.includes('signedUrl')) return 'client key, admin token or signed address'
  if (!schemes.includes('clientKey')) return 'admin token'
  return schemes.includes('adminToken') ? 'client key or admin token' : 'client key'
}

function body(type: string, { schema = {} }: MediaTypeObject, schemas: Schemas): Markup {
  const name = referencedName(schema)
  const fields = name === null ? schema : (schemas[name] ?? {})
  return fields.properties
    ? requestTable(`Body, ${type}`, fields)
    : html`<p>Body: <code>${type}</code></p>`
}

function answers(responses: Readonly<Record<string, ResponseObject>>): Markup {
  const entries = Object.entries(responses)
  const good = entries.filter(([status]) => Number(status) < 400)
  const bad = entries.filter(([status]) => Number(status) >= 400)
  return html`<h4>Answers</h4>
<dl>${good.map(([status, response]) => html`<dt>${status}</dt><dd>${answer(response)}</dd>`)}</dl>
<details><summary>Errors</summary><dl>${bad.map(
    ([status, { description }]) => html`<dt>${status}</dt><dd>${paragraphs(description)}</dd>`,
  )}</dl></details>`
}

function answer({ description, content = {}, headers = {} }: ResponseObject): Markup {
  const names = Object.keys(headers).filter((name) => name !== 'X-Request-Id')
  const told =
    names.length > 0 ? html` Headers: ${names.map((name) => html`<code>${name}</code> `)}` : ''
  return html`<p>${inline(description)} ${Object.entries(content).map(contentName)}${told}</p>
${shownExamples(content)}`
}

function contentName([type, { schema = {} }]: [string, MediaTypeObject]): Markup {
  const name = referencedName(schema)
  return name === null ? html`<code>${type}</code> ` : html`<a href="#${name}">${name}</a>`
}

function shownExamples(content: Readonly<Record<string, MediaTypeObject>>): Markup[] {
  return Object.values(content)
    .filter(({ example }) => example !== undefined)
    .map(
      ({ example }) =>
        html`<details><summary>Example</summary>${json('Answer', example)}</details>`,
    )
}
