/**
 * The extension `io.modelcontextprotocol/tasks` of 2026-07-28: a call that makes a picture answers
 * with a task, and its client asks for the task until it is over.
 *
 * A task of the protocol is our task under the same id. Its `failed` means an error of the protocol,
 * so a picture that failed is `completed` with a result that says so.
 */
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import * as z from 'zod'
import { isTerminal, type Task } from '../../core/task'
import { DAY_MS, isoTime } from '../../core/time'
import type { Key } from '../../db/keys'
import { cancel } from '../../flow/cancel'
import type { Ports } from '../../flow/ports'
import { isApiError } from '../errors'
import { findTask } from '../tasks/find'
import { taskResult } from './task-result'

export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks'
const POLL_INTERVAL_MS = 3_000

const params = z.looseObject({ taskId: z.string() })
const envelopeSchema = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({
    extensions: z.looseObject({ [TASKS_EXTENSION]: z.looseObject({}) }),
  }),
})

/** A client says with each request whether it takes tasks. */
export function declaresTasks({ mcpReq }: ServerContext): boolean {
  return envelopeSchema.safeParse(mcpReq.envelope).success
}

/** Instead of the result of a call whose task is not over. */
export function newTaskResult(ports: Ports, task: Task): CallToolResult {
  return { resultType: 'task', content: [], ...fieldsOf(ports, task) }
}

export function serveTasks(server: Server, ports: Ports, client: Key): void {
  const find = async (id: string, context: ServerContext): Promise<Task> => {
    if (!declaresTasks(context)) {
      throw new MissingRequiredClientCapabilityError({
        requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
      })
    }
    const task = await findTask(ports, id, client.id)
    if (isApiError(task)) throw new ProtocolError(ProtocolErrorCode.InvalidParams, task.message)
    return task
  }
  server.setRequestHandler('tasks/get', { params }, async ({ taskId }, context) => {
    const task = await find(taskId, context)
    const isCompleted = isTerminal(task) && task.status !== 'canceled'
    return {
      ...fieldsOf(ports, task),
      ...(isCompleted ? { result: await taskResult(ports, task) } : {}),
    }
  })
  // Nothing is ever asked of the client, so there is nothing to take in.
  server.setRequestHandler('tasks/update', { params }, async ({ taskId }, context) => {
    await find(taskId, context)
    return {}
  })
  // A wish: once a provider was asked, the task goes on.
  server.setRequestHandler('tasks/cancel', { params }, async ({ taskId }, context) => {
    await cancel(ports, await find(taskId, context))
    return {}
  })
}

function fieldsOf({ settings }: Ports, task: Task) {
  return {
    taskId: task.id,
    status: statusOf(task),
    statusMessage: task.status,
    createdAt: isoTime(task.createdAt),
    lastUpdatedAt: isoTime(lastChangeOf(task)),
    ttlMs: settings.retentionDays === 0 ? null : settings.retentionDays * DAY_MS,
    pollIntervalMs: POLL_INTERVAL_MS,
  }
}

function statusOf({ status }: Task): 'working' | 'completed' | 'cancelled' {
  switch (status) {
    case 'queued':
    case 'processing':
      return 'working'
    case 'canceled':
      return 'cancelled'
    default:
      return 'completed'
  }
}

function lastChangeOf({ createdAt, completedAt, attempts }: Task): number {
  return completedAt ?? Math.max(createdAt, ...attempts.map(({ startedAt }) => startedAt))
}
