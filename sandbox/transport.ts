/**
 * How an answer travels: its content type, what stands before the JSON and around it, compression, length.
 *
 * A body is compressed by whoever sends it, as in the Workers runtime: the response here says how,
 * in `content-encoding`, and carries the plain bytes.
 */
import type { Manners } from './faults.ts'

const PREFIXES = { bom: '\uFEFF', space: ' \r\n\t' } as const

export function dress(json: string, status: number, manners: Manners): Response {
  const { prefix, encoding, length, framing } = manners
  const { type = framing ? 'text/event-stream' : 'application/json' } = manners
  const headers = new Headers()
  if (type !== 'none') headers.set('content-type', type)
  if (encoding) headers.set('content-encoding', encoding)
  if (length === 'none') headers.set('transfer-encoding', 'chunked')
  // As bytes, since a text would bring a content type of its own.
  const text = framing ? eventsWith(json) : json
  const body = new TextEncoder().encode((prefix ? PREFIXES[prefix] : '') + text)
  return new Response(body, { status, headers })
}

/** With what else such streams have: a comment that keeps them alive, how far the work is, their end. */
function eventsWith(json: string): string {
  return `: PROCESSING\n\ndata: {"progress":50}\n\nevent: completed\ndata: ${json}\n\ndata: [DONE]\n\n`
}
