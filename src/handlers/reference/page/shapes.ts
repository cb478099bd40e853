/** The named schemas and the errors, to look things up in. */
import { html } from 'hono/html'
import { ERROR_CODES, ERRORS } from '../../../wire/error'
import type { JsonSchema } from '../openapi'
import { answerTable } from './fields'
import { inline, type Markup, paragraphs } from './text'

export function shapeSection([name, schema]: [string, JsonSchema]): Markup {
  const { description, properties, enum: values, 'x-enumDescriptions': meanings } = schema
  return html`<section class="shape" aria-labelledby="${name}">
<h3 id="${name}"><a href="#${name}">${name}</a></h3>
${description ? paragraphs(description) : ''}
${properties ? answerTable('Fields', schema) : ''}
${meanings ? meaningTable(meanings) : valueList(values ?? [])}
</section>`
}

function valueList(values: readonly unknown[]): Markup | '' {
  return values.length > 0
    ? html`<p>${values.map((value) => html`<code>${value}</code> `)}</p>`
    : ''
}

function meaningTable(meanings: Readonly<Record<string, string>>): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Values"><table><caption>Values</caption>
<thead><tr><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead>
<tbody>${Object.entries(meanings).map(
    ([value, meaning]) =>
      html`<tr><th scope="row"><code>${value}</code></th><td>${inline(meaning)}</td></tr>`,
  )}</tbody></table></div>`
}

export function errorTable(): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Errors"><table><caption>Errors</caption>
<thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead>
<tbody>${ERROR_CODES.map(
    (code) =>
      html`<tr><td>${ERRORS[code].status}</td><th scope="row"><code>${code}</code></th><td>${inline(ERRORS[code].meaning)}</td></tr>`,
  )}</tbody></table></div>`
}
