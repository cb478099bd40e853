/** A gateway, its sandbox, and the protocol's own client, in both of its eras, over real HTTP. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CallToolResult,
  Client,
  type ContentBlock,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { Imagegate, type KeyRequest } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

const MODERN = '2026-07-28'
export const ERAS = [['2025-11-25', 'legacy'] as const, [MODERN, { pin: MODERN }] as const]

export type Mode = (typeof ERAS)[number][1]

export class McpWorld {
  gateway!: LocalGateway
  operator!: Imagegate
  /** Of an agent without limits. */
  key!: string
  #sandbox!: SandboxServer
  #data!: string

  async start(): Promise<void> {
    this.#data = await mkdtemp(join(tmpdir(), 'imagegate-mcp-'))
    this.#sandbox = await startSandbox(0, () => 0.5)
    this.gateway = await startGateway(this.#sandbox.origin, this.#data, 0)
    const { url, adminToken } = this.gateway
    this.operator = new Imagegate({ baseUrl: url, apiKey: adminToken })
    this.key = await this.makeKey()
  }

  async stop(): Promise<void> {
    await this.gateway.close()
    this.#sandbox.close()
    await rm(this.#data, { recursive: true, force: true })
  }

  async makeKey(limits: Omit<KeyRequest, 'name'> = {}): Promise<string> {
    return (await this.operator.keys.create({ name: 'agent', ...limits })).key
  }

  async connect(mode: Mode, token = this.key): Promise<Client> {
    const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } })
    await client.connect(
      new StreamableHTTPClientTransport(new URL('/mcp', this.gateway.url), {
        requestInit: { headers: { Authorization: `Bearer ${token}` } },
      }),
    )
    return client
  }

  /** What the sandbox took money for. */
  async paidJobs(prompt: string): Promise<unknown[]> {
    const query = encodeURIComponent(prompt)
    const response = await fetch(`${this.#sandbox.origin}/_sandbox/jobs?prompt=${query}`)
    const jobs: unknown = await response.json()
    return Array.isArray(jobs) ? jobs : []
  }
}

export const call = (client: Client, name: string, given: Record<string, unknown>) =>
  client.callTool({ name, arguments: given })

/** What a tool said that fits its output schema, which the client has checked. */
export function structured(result: CallToolResult): Record<string, unknown> & { id: string } {
  const { structuredContent } = result
  if (structuredContent === null || typeof structuredContent !== 'object')
    throw new Error(`There is no structured content: ${JSON.stringify(result)}`)
  return { id: '', ...structuredContent }
}

export const textOf = ({ content }: CallToolResult) =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('')

export function block<Type extends ContentBlock['type']>(
  { content }: CallToolResult,
  type: Type,
): Extract<ContentBlock, { type: Type }> {
  const isIt = (one: ContentBlock): one is Extract<ContentBlock, { type: Type }> =>
    one.type === type
  const found = content.find(isIt)
  if (!found) throw new Error(`There is no ${type} in ${JSON.stringify(content)}`)
  return found
}
