/** An example as a command that can be pasted into a shell. */
import type { Example, Operation } from './operation'

const LINE_LENGTH_MAX = 60
const TOKENS = { client: '$KEY', reader: '$KEY', picture: '$KEY', admin: '$ADMIN_TOKEN' } as const

export function curlOf(operation: Operation, example: Example, publicUrl: string): string {
  const { access, method, answers } = operation
  const hasBody = example.body !== undefined || example.file !== undefined
  const isDefaultMethod = method === (hasBody ? 'post' : 'get')
  const headers = Object.entries(example.headers ?? {}).map(([name, value]) => `${name}: ${value}`)
  if (access !== 'none') headers.unshift(`Authorization: Bearer ${TOKENS[access]}`)
  if (example.body) headers.push('Content-Type: application/json')
  const mediaTypes = answers[0].mediaTypes ?? []
  return [
    `curl ${isDefaultMethod ? '' : `-X ${method.toUpperCase()} `}"${publicUrl}${pathOf(operation.path, example)}"`,
    ...headers.map((header) => `-H "${header}"`),
    ...(example.body ? [`-d '${jsonText(example.body).replaceAll("'", `'\\''`)}'`] : []),
    ...(example.file ? [`--data-binary @${example.file}`] : []),
    ...(mediaTypes.includes('image/png') ? ['-o picture.png'] : []),
    ...(mediaTypes.includes('text/event-stream') ? ['-N'] : []),
  ].join(' \\\n  ')
}

/** On one line while that is readable. */
function jsonText(body: object): string {
  const line = JSON.stringify(body)
  return line.length <= LINE_LENGTH_MAX
    ? line
    : JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')
}

/** The path and query of an example. */
export function pathOf(path: string, { path: values = {}, query = {} }: Example): string {
  const filled = path.replace(/\{(\w+)\}/g, (name, key) => values[key] ?? name)
  const search = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  return search.length > 0 ? `${filled}?${search.join('&')}` : filled
}
