/**
 * Calls that carry no name of their own, from clients that repeat a call when they hear nothing.
 *
 * Invariant: while a task is open, an equal call of the same key gets that task, and nothing is paid
 * twice. After its end an equal call is a new picture.
 *
 * Each such task is stored under an idempotency key of our own, made of what was asked for and the
 * task of the equal call before it. So the last one is found in one step, and of two equal calls at
 * the same moment the unique index lets one make the task.
 */
import type { TaskRequest } from '../core/request'
import { type Result, success } from '../core/result'
import { findLastNamed, loadTask } from '../db/tasks'
import { type Accepted, type AcceptRefusalCode, accept, type Client, fingerprintOf } from './accept'
import type { Ports } from './ports'
import type { Refusal } from './refusal'

/** @param identity what makes two calls equal */
export async function acceptOrJoin(
  ports: Ports,
  client: Client,
  request: TaskRequest,
  identity: unknown,
): Promise<Result<Accepted, Refusal<AcceptRefusalCode>>> {
  // What begins with a space is no name that a client can give: those are trimmed.
  const prefix = ` equal ${await fingerprintOf(identity)} `
  const last = await findLastNamed(ports.database, client.id, prefix)
  const open = last?.completedAt === null ? await loadTask(ports.database, last.id) : null
  if (open) return success({ task: open, isReplay: true, window: null })
  return accept(ports, client, request, `${prefix}${last?.id ?? ''}`, {
    identity,
    isRepeat: false,
  })
}
