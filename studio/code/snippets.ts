/** A task's request as code that makes it again. No key is ever part of it. */
import type { AcceptedRequest, Task, TaskRequest } from '../../client/index.ts'

export const LANGUAGES = ['curl', 'TypeScript', 'OpenAI SDK'] as const
export type Language = (typeof LANGUAGES)[number]

/** @param origin of the gateway */
export function snippetOf(language: Language, task: Task, origin: string): string {
  switch (language) {
    case 'curl':
      return curl(essentials(task.request), origin)
    case 'TypeScript':
      return typescript(essentials(task.request), origin)
    case 'OpenAI SDK':
      return openai(task, origin)
  }
}

/** Without what the gateway filled in. */
function essentials({ n, model, ...request }: AcceptedRequest): TaskRequest {
  return { ...(model === 'gpt-image-2' ? {} : { model }), ...request, ...(n === 1 ? {} : { n }) }
}

function curl(request: TaskRequest, origin: string): string {
  const body = JSON.stringify(request, null, 2).replaceAll("'", "'\\''")
  return `curl ${origin}/v1/tasks \\
  -H "Authorization: Bearer $IMAGEGATE_KEY" \\
  -H "Content-Type: application/json" \\
  -H "Prefer: wait=60" \\
  -d '${body}'`
}

function typescript(request: TaskRequest, origin: string): string {
  return `import { Imagegate } from 'imagegate-client'

const imagegate = new Imagegate({
  baseUrl: '${origin}',
  apiKey: process.env.IMAGEGATE_KEY ?? '',
})

const task = await imagegate.createAndWait(${literal(request)})
console.log(task.outputs[0]?.url)`
}

function openai({ request, outputs }: Task, origin: string): string {
  const references = request.image_urls ?? []
  const [output] = outputs
  // That dialect knows no ratios: the size that came of it says the same.
  const size =
    (request.size ?? (request.aspect_ratio || request.resolution) === undefined)
      ? request.size
      : output && `${output.width}x${output.height}`
  const fields = {
    model: request.model,
    prompt: request.prompt ?? '',
    ...(request.n === 1 ? {} : { n: request.n }),
    ...(size ? { size } : {}),
    ...(request.quality ? { quality: request.quality } : {}),
  }
  const setUp = `const openai = new OpenAI({
  baseURL: '${origin}/openai/v1',
  apiKey: process.env.IMAGEGATE_KEY,
})`
  if (references.length === 0)
    return `import OpenAI from 'openai'

${setUp}

const { data } = await openai.images.generate(${literal(fields)})
console.log(data[0].url)`
  return `import OpenAI, { toFile } from 'openai'

${setUp}

const image = await Promise.all(
  ${literal(references).replaceAll('\n', '\n  ')}.map(async (url) => toFile(await fetch(url), 'reference.png')),
)
const { data } = await openai.images.edit({ image, ...${literal(fields)} })
console.log(data[0].url)`
}

/** JSON as somebody would write it in TypeScript. */
function literal(value: object): string {
  return JSON.stringify(value, null, 2)
    .replaceAll(/^(\s*)"([A-Za-z_]\w*)":/gm, '$1$2:')
    .replaceAll(/"((?:[^"\\]|\\.)*)"/g, (_, text: string) =>
      text.includes("'") ? `"${text}"` : `'${text.replaceAll('\\"', '"')}'`,
    )
}
