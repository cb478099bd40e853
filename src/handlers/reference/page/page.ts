/** `/docs`: the document for people, as one page that needs no script and nothing from elsewhere. */
import { html, raw } from 'hono/html'
import type { JsonSchema, OpenApiDocument, OperationObject } from '../openapi'
import { referencedName } from '../schemas'
import { operationSection } from './operation'
import { errorTable, shapeSection } from './shapes'
import { STYLE } from './style'
import { code, inline, json, type Markup, paragraphs } from './text'

interface Entry {
  method: string
  path: string
  operation: OperationObject
}

export async function renderPage(document: OpenApiDocument): Promise<string> {
  const { info, tags } = document
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const ofTag = (tag: string) => entries.filter(({ operation }) => operation.tags.includes(tag))
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} API reference</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#reference">Skip to the reference</a>
<header>
<h1>${info.title}</h1>
<p class="lead">${info.summary} You send a prompt; you get a stored picture.</p>
${quickStart(document.servers[0]?.url ?? '')}
</header>
<nav aria-label="Reference">
${tags.map(
  ({ name }) => html`<h2><a href="#${anchorOf(name)}">${name}</a></h2>
<ul>${ofTag(name).map(navigationItem)}</ul>`,
)}
<h2>Look up</h2>
<ul><li><a href="#messages">Messages to you</a></li><li><a href="#errors">Errors</a></li><li><a href="#shapes">Shapes</a></li><li><a href="/openapi.json">OpenAPI 3.1</a></li></ul>
</nav>
<main id="reference">
${paragraphs(info.description)}
${tags.map(
  ({ name, description }) => html`<section aria-labelledby="${anchorOf(name)}">
<h2 id="${anchorOf(name)}">${name}</h2>
<p>${inline(description)}</p>
${ofTag(name).map(({ method, path, operation }) => operationSection(method, path, operation, document.components.schemas))}
</section>`,
)}
<section aria-labelledby="messages"><h2 id="messages">Messages to you</h2>
${Object.values(document.webhooks).map(({ post }) => messageSection(post))}</section>
<section aria-labelledby="errors"><h2 id="errors">Errors</h2>${errorTable()}
<p>Why a task itself failed is in its <code>error</code>: <a href="#TaskFailureCode">TaskFailureCode</a>.</p></section>
<section aria-labelledby="shapes"><h2 id="shapes">Shapes</h2>
${answerShapes(document).map(shapeSection)}</section>
</main>
</body>
</html>`
  return page.toString()
}

function quickStart(publicUrl: string): Markup {
  const command = `curl "${publicUrl}/v1/tasks" \\
  -H "Authorization: Bearer $KEY" \\
  -H "Content-Type: application/json" \\
  -H "Prefer: wait=60" \\
  -d '{"prompt": "A paper boat on a puddle"}'`
  return html`<section class="start" aria-labelledby="start">
<h2 id="start">Make a picture</h2>
${code('Paste this into a terminal', command)}
<p>The answer comes when the picture is there: open its <code>outputs[0].url</code>. If it says <code>202</code> instead of <code>200</code>, the picture takes longer than a minute; <a href="#getTask">read the task</a> again. No key yet? The operator <a href="#createKey">makes one</a>.</p>
</section>`
}

function navigationItem({ method, operation }: Entry): Markup {
  return html`<li><a href="#${operation.operationId}">${operation.summary}</a> <span class="method ${method}">${method.toUpperCase()}</span></li>`
}

function messageSection({
  operationId,
  summary,
  description,
  requestBody,
}: OperationObject): Markup {
  const { schema = {}, example } = requestBody?.content['application/json'] ?? {}
  const shape = referencedName(schema)
  return html`<section aria-labelledby="${operationId}">
<h3 id="${operationId}"><a href="#${operationId}">${summary}</a></h3>
${paragraphs(description)}
<p>Body: <a href="#${shape}">${shape}</a></p>
<details><summary>Example</summary>${json('Message', example)}</details>
</section>`
}

/** Bodies of requests are shown with their operations. */
function answerShapes({ components, paths }: OpenApiDocument): Array<[string, JsonSchema]> {
  const bodies = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .map(({ requestBody }) => requestBody?.content['application/json']?.schema ?? {})
    .map(referencedName)
  return Object.entries(components.schemas).filter(([name]) => !bodies.includes(name))
}

/** Tags and schemas share names. */
function anchorOf(tag: string): string {
  return tag.toLowerCase()
}
