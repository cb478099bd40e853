/** What a call asks for, within what the operator lets the agents of its key pay for one task. */
import type { TaskRequest } from '../../core/request'
import type { Key } from '../../db/keys'
import { parse } from '../endpoint/parse'
import { taskRequestSchema } from '../tasks/request'

/**
 * The lower of two caps holds, that of the key and that of the call, so no agent can lift the operator's.
 *
 * @throws ApiError 400 naming the field that is wrong.
 */
export function cappedRequest({ mcpMaxUsd }: Pick<Key, 'mcpMaxUsd'>, wishes: object): TaskRequest {
  const request = parse(taskRequestSchema, wishes)
  if (mcpMaxUsd === null) return request
  return { ...request, max_usd: Math.min(mcpMaxUsd, request.max_usd ?? mcpMaxUsd) }
}
