/**
 * The operator says what the provider's own books say of an attempt whose charge is not known.
 *
 * Invariant: only what is over and unknown can be settled, and only once. Ledger, usage and limits follow
 * from the same write.
 */
import { isChargeOpen } from '../core/attempt'
import { type Result, refuse, success } from '../core/result'
import { isTerminal, type Task } from '../core/task'
import { loadTask, loadTaskOfAttempt } from '../db/tasks'
import { priceOf } from '../providers/provider'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { settle } from './settle'
import { wakeSoon } from './wake'

export interface SettledCharge {
  charged: 'yes' | 'no'
  /** What it really cost; null: what it was expected to cost. */
  credits: number | null
}

export async function settleCharge(
  ports: Ports,
  attemptId: string,
  { charged, credits }: SettledCharge,
): Promise<Result<Task, Refusal<'attempt_not_found' | 'charge_known'>>> {
  const task = await loadTaskOfAttempt(ports.database, attemptId)
  const attempt = task?.attempts.find(({ id }) => id === attemptId)
  if (!task || !attempt) return refuse({ code: 'attempt_not_found' })
  if (!isChargeOpen(attempt)) return refuse({ code: 'charge_known' })
  const { creditUsd } = ports.settings.providers[attempt.provider]
  const price = credits === null ? null : priceOf(credits, creditUsd)
  const event = { type: 'charge_settled', attemptId, charged, price } as const
  const settled =
    (await settle(ports, task.id, event, task)) ??
    (await findSettled(ports, task.id, attemptId, charged))
  if (!settled) return refuse({ code: 'charge_known' })
  ports.log({ event: 'charge_settled', task: task.id, attempt: attemptId, outcome: charged })
  // A task that still waits for a picture may go on differently now.
  if (!isTerminal(settled)) wakeSoon(ports, settled)
  return success(settled)
}

/** The write may be applied although its answer got lost: what was open a moment ago is as it was said. */
async function findSettled(
  { database }: Ports,
  taskId: string,
  attemptId: string,
  charged: 'yes' | 'no',
): Promise<Task | null> {
  const task = await loadTask(database, taskId)
  const attempt = task?.attempts.find(({ id }) => id === attemptId)
  return attempt?.charged === charged ? task : null
}
