/**
 * How an answer travels: its content type, what stands before the JSON, compression, length.
 *
 * A body is compressed by whoever sends it, as in the Workers runtime: the response here says how,
 * in `content-encoding`, and carries the plain bytes.
 */
import type { Manners } from './faults.ts'

const PREFIXES = { bom: '\uFEFF', space: ' \r\n\t' } as const

export function dress(json: string, status: number, manners: Manners): Response {
  const { type = 'application/json', prefix, encoding, length } = manners
  const headers = new Headers()
  if (type !== 'none') headers.set('content-type', type)
  if (encoding) headers.set('content-encoding', encoding)
  if (length === 'none') headers.set('transfer-encoding', 'chunked')
  // As bytes, since a text would bring a content type of its own.
  const body = new TextEncoder().encode((prefix ? PREFIXES[prefix] : '') + json)
  return new Response(body, { status, headers })
}
