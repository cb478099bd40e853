/** An example as a command that can be pasted into a shell, and the path that it calls. */
import type { Description, Example } from '../endpoint/endpoint'

const LINE_LENGTH_MAX = 60
const TOKENS = {
  client: '$KEY',
  maker: '$KEY',
  reader: '$KEY',
  picture: '$KEY',
  admin: '$ADMIN_TOKEN',
  callback: null,
  none: null,
} as const

export function curlOf(description: Description, example: Example, publicUrl: string): string {
  const { method, access } = description
  const { body, file } = example
  const hasBody = body !== undefined || file !== undefined
  const isDefaultMethod = method === (hasBody ? 'post' : 'get')
  const headers = Object.entries(example.headers ?? {}).map(([name, value]) => `${name}: ${value}`)
  if (TOKENS[access]) headers.unshift(`Authorization: Bearer ${TOKENS[access]}`)
  if (body) headers.push('Content-Type: application/json')
  return [
    `curl ${isDefaultMethod ? '' : `-X ${method.toUpperCase()} `}"${publicUrl}${pathOf(description, example)}"`,
    ...headers.map((header) => `-H "${header}"`),
    ...(body ? [`-d '${jsonText(body).replaceAll("'", `'\\''`)}'`] : []),
    ...(file ? [`--data-binary @${file}`] : []),
    ...streamOptions(description),
  ].join(' \\\n  ')
}

function streamOptions({ answers }: Description): string[] {
  const good = answers[200]
  if (good?.kind !== 'stream') return []
  return good.mediaTypes.includes('text/event-stream') ? ['-N'] : ['-o picture.png']
}

/** On one line while that is readable. */
function jsonText(body: object): string {
  const line = JSON.stringify(body)
  return line.length <= LINE_LENGTH_MAX
    ? line
    : JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')
}

/** The path with the examples of its parts, and the query of an example. */
export function pathOf({ path, params }: Description, { query = {} }: Example): string {
  const filled = path.replace(/\{(\w+)\}/g, (name, key) =>
    String(params?.shape[key]?.meta()?.examples?.[0] ?? name),
  )
  const search = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  return search.length > 0 ? `${filled}?${search.join('&')}` : filled
}
