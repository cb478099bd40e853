/** A gateway, its sandbox, and the protocol's own client, in both of its eras, over real HTTP. */
import {
  type CallToolResult,
  Client,
  type ContentBlock,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import type { Imagegate, KeyRequest } from '../../client/index.ts'
import type { LocalGateway } from '../../local/gateway.ts'
import type { Job } from '../../sandbox/jobs.ts'
import { paidJobs, startWorld, type World } from './world.ts'

const MODERN = '2026-07-28'
export const ERAS = [['2025-11-25', 'legacy'] as const, [MODERN, { pin: MODERN }] as const]

export type Mode = (typeof ERAS)[number][1]

export class McpWorld {
  gateway!: LocalGateway
  operator!: Imagegate
  /** Of an agent without limits. */
  key!: string
  #world!: World

  async start(): Promise<void> {
    this.#world = await startWorld(0.5)
    this.gateway = this.#world.gateway
    this.operator = this.#world.operator
    this.key = this.#world.key.key
  }

  stop(): Promise<void> {
    return this.#world.stop()
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
  paidJobs(prompt: string): Promise<Job[]> {
    return paidJobs(this.#world, prompt)
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
