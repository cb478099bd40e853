/** Text of the document as HTML: paragraphs and `code`, everything else escaped. */
import { html } from 'hono/html'

export type Markup = ReturnType<typeof html>

/** One paragraph's inside. */
export function inline(text: string): Markup[] {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}

export function paragraphs(text: string): Markup[] {
  return text.split('\n\n').map((paragraph) => html`<p>${inline(paragraph)}</p>`)
}

/** A block that one click selects whole, and that a keyboard can scroll. */
export function code(label: string, text: string): Markup {
  return html`<figure><figcaption>${label}</figcaption><pre tabindex="0" aria-label="${label}"><code>${text}</code></pre></figure>`
}

export function json(label: string, value: unknown): Markup {
  return code(label, typeof value === 'string' ? value : JSON.stringify(value, null, 2))
}
