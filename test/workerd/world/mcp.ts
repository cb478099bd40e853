/** The MCP endpoint as a client of 2025-11-25 speaks to it: one message a request, answered as an event. */
import * as z from 'zod'
import { post } from './gateway'

const MODERN = '2026-07-28'
const EXTENSION = 'io.modelcontextprotocol'
const ACCEPTED = { accept: 'application/json, text/event-stream' }

const answerSchema = z.object({
  result: z.object({
    tools: z.array(z.object({ name: z.string(), description: z.string() })).default([]),
    content: z.array(z.object({ text: z.string().default('') })).default([]),
    structuredContent: z.record(z.string(), z.unknown()).optional(),
    isError: z.boolean().default(false),
  }),
})

export interface Result extends Omit<z.output<typeof answerSchema>['result'], 'tools' | 'content'> {
  text: string
}

/** Sends the body as it is. */
export function send(key: string, body: unknown, headers = {}): Promise<Response> {
  return post('/mcp', key, body, { ...ACCEPTED, ...headers })
}

export interface Message {
  jsonrpc: string
  id: number
  method: string
  params: object
}

export const message = (method: string, params: object = {}): Message => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params,
})

/** The message as a client of 2026-07-28 sends it that takes tasks: with an envelope, named in the headers. */
export function modern({ params, ...rest }: Message, version = MODERN) {
  const envelope = {
    [`${EXTENSION}/protocolVersion`]: version,
    [`${EXTENSION}/clientInfo`]: { name: 'test', version: '1.0.0' },
    [`${EXTENSION}/clientCapabilities`]: { extensions: { [`${EXTENSION}/tasks`]: {} } },
  }
  const [name] = ['name', 'taskId'].flatMap(
    (field) => Object.entries(params).find(([one]) => one === field)?.[1] ?? [],
  )
  return {
    body: { ...rest, params: { ...params, _meta: envelope } },
    headers: {
      'mcp-protocol-version': MODERN,
      'mcp-method': rest.method,
      ...(name === undefined ? {} : { 'mcp-name': String(name) }),
    },
  }
}

/** @throws ZodError where the answer is an error of the protocol. */
export async function ask(key: string, method: string, params: object = {}) {
  const response = await send(key, message(method, params))
  const text = await response.text()
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text
  return answerSchema.parse(JSON.parse(json)).result
}

export async function useTool(key: string, name: string, given: object): Promise<Result> {
  const { content, tools: _, ...rest } = await ask(key, 'tools/call', { name, arguments: given })
  return { ...rest, text: content.map(({ text }) => text).join('\n') }
}
