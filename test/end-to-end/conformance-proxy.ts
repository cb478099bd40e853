/**
 * What lets the protocol's conformance suite speak to a gateway: it sends no key, and it calls the
 * tools of a reference server by name. The proxy adds the key and calls a tool of ours that behaves
 * so; everything else passes unchanged, in both directions.
 */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'

type Given = Record<string, unknown>

/** The suite's tools, and ours that are fast, slow or fail like them. */
const TOOLS: Record<string, (given: Given) => { name: string; arguments: Given }> = {
  greet: () => ({ name: 'quote', arguments: { prompt: 'Hello' } }),
  slow_compute: ({ seconds, label }) => ({
    name: 'generate_image',
    arguments: { prompt: `${label} ${crypto.randomUUID()} [[delay=${seconds}]]` },
  }),
  failing_job: () => ({
    name: 'generate_image',
    arguments: {
      prompt: `A refusal ${crypto.randomUUID()} [[submit=moderated]]`,
      provider: 'gptimage2.ai',
    },
  }),
  test_error_handling: () => ({ name: 'get_task', arguments: { id: 'task_0' } }),
}

export interface ConformanceProxy {
  url: string
  close(): void
}

export async function startConformanceProxy(
  gatewayUrl: string,
  key: string,
): Promise<ConformanceProxy> {
  const server = createServer(async (incoming, response) => {
    const { body, tool } = translate(await textOf(incoming))
    const headers: OutgoingHttpHeaders = {
      ...incoming.headers,
      authorization: `Bearer ${key}`,
    }
    headers['content-length'] = String(Buffer.byteLength(body))
    if (tool && headers['mcp-name'] === tool.asked) headers['mcp-name'] = tool.called
    // The gateway's own page, as far as the suite can know.
    const ownOrigin = /^http:\/\/(localhost|127\.0\.0\.1):/
    if (ownOrigin.test(incoming.headers.origin ?? '')) headers.origin = gatewayUrl
    const options = { method: incoming.method, headers }
    const outgoing = request(new URL('/mcp', gatewayUrl), options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => response.destroy())
    response.on('close', () => outgoing.destroy())
    outgoing.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${port}/mcp`, close }
}

function translate(body: string): { body: string; tool?: { asked: string; called: string } } {
  if (!body.includes('"tools/call"')) return { body }
  const message = JSON.parse(body)
  const asked = message.params?.name
  const ours = TOOLS[asked]?.(message.params.arguments ?? {})
  if (!ours) return { body }
  const params = { ...message.params, ...ours }
  return {
    body: JSON.stringify({ ...message, params }),
    tool: { asked, called: ours.name },
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
