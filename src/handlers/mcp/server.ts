/**
 * The MCP server: a fresh one for each request, with nothing between requests.
 *
 * Only what is started by `endpoint.ts` imports the SDK, so that no other request loads it.
 */
import {
  type CallToolResult,
  createMcpHandler,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { version } from '../../../package.json'
import { isTerminal } from '../../core/task'
import type { Key } from '../../db/keys'
import { kindOf } from '../../flow/log'
import type { Ports } from '../../flow/ports'
import { type ApiError, isApiError } from '../errors'
import { readMessage } from './message'
import { type Progress, untilOverTelling } from './progress'
import { taskResult } from './task-result'
import { declaresTasks, newTaskResult, serveTasks, TASKS_EXTENSION } from './tasks-extension'
import type { Call, ToolOutcome } from './tool'
import { listTools } from './tool-list'
import { TOOLS } from './tools'

/** Prices and medians in the descriptions may be as old as this. */
const LIST_AGE_MAX_MS = 5 * 60_000

const INSTRUCTIONS = `Makes pictures through a gateway that never pays twice and never loses a picture. Every picture is a task with an id. generate_image and edit_image wait for it; when it takes longer, they give the id, and get_task waits on. Pictures are kept: list_tasks finds them again. Show the user the picture by its link, and say what it cost.`

export async function serveMcp(ports: Ports, client: Key, request: Request): Promise<Response> {
  const message = await readMessage(request)
  if (!message.ok) return message.refusal
  const { fetch } = createMcpHandler(() => newServer(ports, client), {
    onerror: (error) => ports.log({ event: 'mcp_refused', reason: kindOf(error) }),
  })
  return fetch(request, { parsedBody: message.value })
}

function newServer(ports: Ports, client: Key): Server {
  const server = new Server(
    { name: 'imagegate', title: 'imagegate', version },
    {
      instructions: INSTRUCTIONS,
      capabilities: { tools: {}, extensions: { [TASKS_EXTENSION]: {} } },
      cacheHints: { 'tools/list': { ttlMs: LIST_AGE_MAX_MS, cacheScope: 'private' } },
    },
  )
  server.setRequestHandler('tools/list', async () => ({ tools: await listTools(ports, client) }))
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = TOOLS.find(({ name }) => name === params.name)
    if (!tool) {
      const names = TOOLS.map(({ name }) => name).join(', ')
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `There is no tool "${params.name}". There are: ${names}.`,
      )
    }
    const call = callOf(ports, client, context)
    try {
      const outcome = await tool.call(call, params.arguments ?? {})
      if (isApiError(outcome)) return errorResult(outcome)
      const isAsync = outcome.kind === 'accepted' && !isTerminal(outcome.task)
      return isAsync && declaresTasks(context)
        ? newTaskResult(ports, outcome.task)
        : await resultOf(call, outcome)
    } catch (error) {
      if (isApiError(error)) return errorResult(error)
      ports.log({ event: 'mcp_failed', reason: kindOf(error) })
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        'Something went wrong here. The same call may be repeated: an open task is joined.',
      )
    }
  })
  serveTasks(server, ports, client)
  return server
}

function callOf(ports: Ports, client: Key, { mcpReq }: ServerContext): Call {
  const { signal } = mcpReq
  const token = mcpReq._meta?.progressToken
  const tell = async (progress: Progress) =>
    mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken: token, ...progress },
    })
  return {
    ports,
    client,
    signal,
    untilOver: (task, seconds) =>
      untilOverTelling(ports, task, seconds, signal, token === undefined ? null : tell),
  }
}

async function resultOf(
  call: Call,
  outcome: Exclude<ToolOutcome, ApiError>,
): Promise<CallToolResult> {
  switch (outcome.kind) {
    case 'data': {
      // Some clients show a model the text only.
      const text = JSON.stringify(outcome.data)
      return { content: [{ type: 'text', text }], structuredContent: { ...outcome.data } }
    }
    case 'task':
      return taskResult(call.ports, outcome.task)
    case 'accepted':
      return taskResult(call.ports, await call.untilOver(outcome.task, outcome.waitSeconds))
  }
}

/** What `/v1` answers with a status is a result here, so that the model reads it and can mend it. */
function errorResult({ code, message, details }: ApiError): CallToolResult {
  const retryAfter = details.headers?.['Retry-After']
  const wait = retryAfter === undefined ? '' : ` Try again in ${retryAfter} seconds.`
  return { content: [{ type: 'text', text: `${code}: ${message}${wait}` }], isError: true }
}
