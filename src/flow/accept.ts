/**
 * A request becomes a task: a row that is due now, and a wake.
 *
 * Nothing here touches a provider. The row alone guarantees that the work happens; the wake only
 * makes it prompt.
 */

import type { TaskRequest } from '../core/request'
import { type Result, refuse, success } from '../core/result'
import { candidatesOf } from '../core/routing'
import { LOST_WAKE_MS } from '../core/schedule'
import { sha256Hex } from '../core/signature'
import { hasSpendLimit, type Limits, reservationOf } from '../core/spending'
import type { Task } from '../core/task'
import { readWindow, type Window } from '../db/limits'
import {
  findIdempotentTask,
  type Idempotency,
  type Insertion,
  insertTask,
  loadTask,
} from '../db/tasks'
import { checkRequest, deadlineMs } from './check-request'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { quoteRequest } from './route'
import { wakeSoon } from './wake'

const INSERT_RETRY_MS = 200

/** The key that the task is made with. */
export interface Client extends Limits {
  id: string
  /** Set where all this is only remembered; then the insert confirms it, or writes nothing. */
  assumption?: Assumption
}

export interface Assumption {
  keyHash: string
  /** The key was found in this request, with these limits. */
  isConfirmed: boolean
}

/** A remembered key is not what it was, or nothing was inserted that would tell: it has to be looked up. */
export class UnconfirmedKey extends Error {}

export interface Accepted {
  task: Task
  /** An earlier request made it: by the same idempotency key, or one that this one joins. */
  isReplay: boolean
  /** The minute that the task was counted in; null for a replay and for a key without limits. */
  window: Window | null
}

export type AcceptRefusalCode =
  | 'task_not_found'
  | 'idempotency_key_reused'
  | 'unknown_model'
  | 'unusable_reference'
  | 'no_provider_configured'
  | 'no_eligible_provider'
  | 'over_limit'

/**
 * Makes the task and wakes it, or finds the one that an earlier request made.
 *
 * @param identity what has to be equal under one key, where that is not the request itself
 * @throws UnconfirmedKey instead of a refusal or a replay for a key that is only remembered
 */
export async function accept(
  ports: Ports,
  client: Client,
  request: TaskRequest,
  idempotencyKey: string | null,
  identity: unknown = request,
): Promise<Result<Accepted, Refusal<AcceptRefusalCode>>> {
  const keyId = client.id
  const idempotency =
    idempotencyKey === null
      ? null
      : { key: idempotencyKey, fingerprint: await fingerprintOf(identity) }
  const replay = () => findReplay(ports, client, idempotency)

  const wrong = await checkRequest(ports, request)
  if (wrong) return (await replay()) ?? refuse(wrong)
  const needsPrice = hasSpendLimit(client)
  const quotes = await quoteRequest(ports, request, needsPrice)
  if (!quotes) return (await replay()) ?? refuse({ code: 'no_provider_configured' })
  const candidates = candidatesOf(quotes)
  if (candidates.length === 0) {
    return (await replay()) ?? refuse({ code: 'no_eligible_provider', quotes })
  }

  const now = ports.now()
  const task: Task = {
    id: ports.newId('task'),
    keyId,
    status: 'queued',
    version: 1,
    request,
    candidates,
    createdAt: now,
    deadlineAt: now + deadlineMs(ports.settings, request),
    completedAt: null,
    dueAt: now + LOST_WAKE_MS,
    error: null,
    reservedUsd: needsPrice ? reservationOf(quotes, request) : null,
    deletedAt: null,
    attempts: [],
    outputs: [],
  }
  const insertion = await insertOnce(ports, task, idempotency, client)
  if (client.assumption) client.assumption.isConfirmed = insertion.kind !== 'key_changed'
  if (insertion.kind === 'inserted') {
    ports.log({ event: 'accept', task: task.id })
    wakeSoon(ports, task)
    return success({ task, isReplay: false, window: insertion.window })
  }
  // A replay is found by its key, which the insert found taken, so that no first request looks for one.
  const winner = await replay()
  if (winner) return winner
  if (insertion.kind === 'over_limit') {
    const window = await readWindow(ports.database, keyId)
    return refuse({ code: 'over_limit', limit: insertion.limit, client, window, now })
  }
  throw new Error('The task was not inserted, and no task holds its idempotency key.')
}

/** An insert may be applied although its answer got lost: then the row is there under our id. */
async function insertOnce(
  ports: Ports,
  task: Task,
  idempotency: Idempotency | null,
  client: Client,
): Promise<Insertion> {
  const insert = () =>
    insertTask(ports.database, task, idempotency, client, client.assumption?.keyHash ?? null)
  try {
    return await insert()
  } catch {
    await ports.sleep(INSERT_RETRY_MS)
    const insertion = await insert()
    if (insertion.kind === 'inserted') return insertion
    const isThere = (await loadTask(ports.database, task.id)) !== null
    return isThere ? { kind: 'inserted', window: null } : insertion
  }
}

async function findReplay(
  ports: Ports,
  { id, assumption }: Client,
  idempotency: Idempotency | null,
): Promise<Result<Accepted, Refusal<'idempotency_key_reused' | 'task_not_found'>> | null> {
  if (assumption?.isConfirmed === false) throw new UnconfirmedKey()
  if (!idempotency) return null
  const earlier = await findIdempotentTask(ports.database, id, idempotency.key)
  if (!earlier) return null
  if (earlier.fingerprint !== idempotency.fingerprint)
    return refuse({ code: 'idempotency_key_reused' })
  const task = await loadTask(ports.database, earlier.id)
  if (!task) return null
  return task.deletedAt === null
    ? success({ task, isReplay: true, window: null })
    : refuse({ code: 'task_not_found' })
}

/** The same for equal values, whatever the order of their names. */
export function fingerprintOf(value: unknown): Promise<string> {
  return sha256Hex(canonicalJson(value))
}

/** JSON with sorted names, so that equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
