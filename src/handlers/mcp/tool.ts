/**
 * One tool of the MCP endpoint: what a model is told of it, and the handler that does it.
 *
 * Invariant: the description is what runs. The input schema that a model sees is the one that checks
 * its arguments, and what the handler gives has the type of the output schema. Both are made of the
 * schemas of `/v1`.
 */
import type * as z from 'zod'
import type { Task } from '../../core/task'
import type { Key } from '../../db/keys'
import type { Ports } from '../../flow/ports'
import { fieldsOf } from '../endpoint/body'
import { parse } from '../endpoint/parse'
import type { ApiError } from '../errors'

/** What a tool's handler finds around its arguments. */
export interface Call {
  ports: Ports
  client: Key
  /** Ends what only this call waits for; its client gave up. */
  signal: AbortSignal
  /** Waits for the task's end for so many seconds at most, and tells the client meanwhile. */
  untilOver(task: Task, seconds: number): Promise<Task>
}

/** What a tool gives: an error and a failed task are results too, never errors of the protocol. */
export type ToolOutcome<Data extends object = object> =
  | { kind: 'data'; data: Data }
  /** A task as it is now. */
  | { kind: 'task'; task: Task }
  /** A task that is to be waited for, where its client can't be given a task of the protocol. */
  | { kind: 'accepted'; task: Task; waitSeconds: number }
  | ApiError

interface Description {
  name: string
  title: string
  /** For a model: what it does, what it costs, when to use another tool. */
  description: string
  /** Whether the price and the time of a picture with the defaults are told too. */
  tellsPrice?: boolean
  isReadOnly: boolean
  input: z.ZodObject
  output: z.ZodObject
}

export interface Tool extends Description {
  /** @throws ApiError 400 naming the argument that is wrong. */
  call(call: Call, given: object): Promise<ToolOutcome>
}

export function tool<Given, Output extends z.ZodObject>(
  description: Omit<Description, 'input' | 'output'> & {
    input: z.ZodType<Given> & z.ZodObject
    output: Output
  },
): {
  handle(handler: (call: Call, given: Given) => Promise<ToolOutcome<z.output<Output>>>): Tool
} {
  const { input } = description
  return {
    handle: (handler) => ({
      ...description,
      call: async (call, given) => handler(call, parse(input, fieldsOf(given))),
    }),
  }
}
