/**
 * A provider calls back: there is news of an attempt.
 *
 * Invariant: the message is unsigned, so it is only a hint: the runner asks the provider with our key. It
 * returns once the hint is durable: in the alarm of a runner that has set it, or in the database.
 */

import type { ProviderId } from '../core/request'
import { type Result, refuse, success } from '../core/result'
import type { Task } from '../core/task'
import { withTimeLimit } from '../core/time-limit'
import { loadTaskOfAttempt } from '../db/tasks'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { settleAndWake } from './settle'

/** A runner that takes longer is not waited for: the database keeps the hint instead. */
const WAKE_LIMIT_MS = 5_000

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
  if (isConfirmed(task, attemptId) && (await isWoken(ports, task))) return success(null)
  await settleAndWake(ports, task, { type: 'hinted', attemptId, reference })
  return success(null)
}

/** A job that is known already is only looked up sooner: there is nothing to write. */
function isConfirmed(task: Task, attemptId: string): boolean {
  return task.attempts.some(({ id, job }) => id === attemptId && job.kind === 'confirmed')
}

async function isWoken(ports: Ports, task: Task): Promise<boolean> {
  try {
    const news = { version: task.version, task }
    await withTimeLimit(WAKE_LIMIT_MS, () => ports.wake(task.id, news))
    return true
  } catch {
    return false
  }
}
