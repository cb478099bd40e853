/**
 * A provider calls back: there is news of an attempt.
 *
 * Invariant: the message is unsigned, so it is only a hint. It makes the task due, and the runner asks
 * the provider with our key. It returns once the hint is in the database.
 */

import type { ProviderId } from '../core/request'
import { type Result, refuse, success } from '../core/result'
import { loadTaskOfAttempt } from '../db/tasks'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { settle } from './settle'
import { wakeSoon } from './wake'

/** @param reference the job that the message names */
export async function hint(
  ports: Ports,
  provider: ProviderId,
  attemptId: string,
  reference: string,
): Promise<Result<null, Refusal<'callback_not_found'>>> {
  const task = await loadTaskOfAttempt(ports.database, attemptId)
  if (task === null) return refuse({ code: 'callback_not_found' })
  ports.log({ event: 'callback', task: task.id, attempt: attemptId, provider })
  const hinted = await settle(ports, task.id, { type: 'hinted', attemptId, reference }, task)
  wakeSoon(ports, hinted ?? task)
  return success(null)
}
