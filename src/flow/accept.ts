/**
 * A request becomes a task: a row that is due now, and a wake.
 *
 * Nothing here touches a provider. The row alone guarantees that the work happens; the wake only
 * makes it prompt.
 */
import { candidatesOf, type Quote } from '../core/routing'
import { DEFAULT_DUE_INTERVAL_MS } from '../core/schedule'
import { sha256Hex } from '../core/signature'
import { hasSpendLimit, type Limits, reservationOf } from '../core/spending'
import type { Task, TaskRequest } from '../core/task'
import { type LimitName, readWindow, type Window } from '../db/limits'
import {
  findIdempotentTask,
  type Idempotency,
  type Insertion,
  insertTask,
  loadTask,
} from '../db/tasks'
import type { Engine } from './engine'
import { quoteRequest } from './route'

const INSERT_RETRY_MS = 200

/** The key that the task is made with. */
export interface Client extends Limits {
  id: string
}

export type Acceptance =
  /** `window` is the minute that the task was counted in, null for a key without limits. */
  | { kind: 'accepted'; task: Task; window: Window | null }
  /** The same idempotency key with an equal request: the task as it is now. */
  | { kind: 'replayed'; task: Task }
  | { kind: 'key_reused' }
  | { kind: 'over_limit'; limit: LimitName; window: Window | null }
  | { kind: 'no_provider_configured' }
  | { kind: 'not_eligible'; quotes: Quote[] }

/** Makes the task, or finds the one that the same idempotency key made. The caller wakes it. */
export async function accept(
  engine: Engine,
  client: Client,
  request: TaskRequest,
  idempotencyKey: string | null,
): Promise<Acceptance> {
  const keyId = client.id
  const fingerprint = await sha256Hex(canonicalJson(request))
  const idempotency = idempotencyKey === null ? null : { key: idempotencyKey, fingerprint }
  if (idempotency) {
    const replay = await findReplay(engine, keyId, idempotency)
    if (replay) return replay
  }

  const needsPrice = hasSpendLimit(client)
  const quotes = await quoteRequest(engine, request, needsPrice)
  if (!quotes) return { kind: 'no_provider_configured' }
  const candidates = candidatesOf(quotes)
  if (candidates.length === 0) return { kind: 'not_eligible', quotes }

  const now = engine.now()
  const deadlineSeconds = request.deadline_seconds ?? engine.settings.taskDeadlineSeconds
  const task: Task = {
    id: engine.newId('task'),
    keyId,
    status: 'queued',
    version: 1,
    request,
    candidates,
    createdAt: now,
    deadlineAt: now + deadlineSeconds * 1000,
    completedAt: null,
    dueAt: now,
    dueIntervalMs: DEFAULT_DUE_INTERVAL_MS,
    error: null,
    reservedUsd: needsPrice ? reservationOf(quotes) : null,
    deletedAt: null,
    attempts: [],
    outputs: [],
  }
  const insertion = await insertOnce(engine, task, idempotency, client)
  if (insertion.kind === 'inserted') {
    engine.log({ event: 'accept', task: task.id })
    return { kind: 'accepted', task, window: insertion.window }
  }
  const winner = idempotency && (await findReplay(engine, keyId, idempotency))
  if (winner) return winner
  if (insertion.kind === 'over_limit') {
    return { ...insertion, window: await readWindow(engine.database, keyId) }
  }
  throw new Error('The task was not inserted, and no task holds its idempotency key.')
}

/** An insert may be applied although its answer got lost: then the row is there under our id. */
async function insertOnce(
  engine: Engine,
  task: Task,
  idempotency: Idempotency | null,
  limits: Limits,
): Promise<Insertion> {
  try {
    return await insertTask(engine.database, task, idempotency, limits)
  } catch {
    await engine.sleep(INSERT_RETRY_MS)
    const insertion = await insertTask(engine.database, task, idempotency, limits)
    if (insertion.kind === 'inserted') return insertion
    const isThere = (await loadTask(engine.database, task.id)) !== null
    return isThere ? { kind: 'inserted', window: null } : insertion
  }
}

async function findReplay(
  engine: Engine,
  keyId: string,
  idempotency: Idempotency,
): Promise<Acceptance | null> {
  const earlier = await findIdempotentTask(engine.database, keyId, idempotency.key)
  if (!earlier) return null
  if (earlier.fingerprint !== idempotency.fingerprint) return { kind: 'key_reused' }
  const task = await loadTask(engine.database, earlier.id)
  return task && { kind: 'replayed', task }
}

/** JSON with sorted names, so that equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
