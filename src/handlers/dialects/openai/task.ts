/** An image request becomes a task, or joins the one that it repeats; and what a task's end is called here. */

import * as z from 'zod'
import type { TaskRequest } from '../../../core/request'
import { candidatesOf } from '../../../core/routing'
import { hasSpendLimit } from '../../../core/spending'
import { type Accepted, accept, type Client } from '../../../flow/accept'
import { acceptMarked } from '../../../flow/join'
import type { Ports } from '../../../flow/ports'
import { enabledProviders, quoteRequest } from '../../../flow/route'
import type { TaskJson } from '../../../wire/task'
import { ApiError, invalid } from '../../errors'
import { idempotencyKeySchema } from '../../idempotency-key'
import { refused } from '../../refusals'
import type { TASK_FAILURES, TASK_REFUSALS } from '../task-errors'
import { taskRequestOf, type Wanted } from './fields'
import { isServed, noSuchModel } from './models'

/** A sweep ends what its runner did not end at the deadline. */
export const AFTER_DEADLINE_MS = 75_000

export const requestHeaders = z.object({
  'Idempotency-Key': idempotencyKeySchema,
  'X-Stainless-Retry-Count': z
    .string()
    .optional()
    .describe(
      'Set by the SDKs: above 0, the request repeats an earlier one, and joins the task of that one.',
    ),
})

/** A reference picture, as providers fetch it and as a repeat of the request would send it again. */
export interface Reference {
  url: string
  /** What is equal in a repeat: a hash of its bytes, or the address itself. */
  identity: string
}

/** @param signal ends when the client goes away */
export async function takeOn(
  ports: Ports,
  client: Client,
  wanted: Wanted,
  references: readonly Reference[],
  headers: z.output<typeof requestHeaders>,
  signal: AbortSignal,
): Promise<Accepted | ApiError<(typeof TASK_REFUSALS)[number] | 'invalid_request'>> {
  const isReady = enabledProviders(ports).size > 0
  if (isReady && !isServed(ports, wanted.model)) return noSuchModel(wanted.model)
  const requestWith = (pictures: string[]) => taskRequestOf(wanted, pictures)
  const request = requestWith(references.map(({ url }) => url))
  const identity = requestWith(references.map((reference) => reference.identity))
  const name = headers['Idempotency-Key']
  const isRepeat = Number(headers['X-Stainless-Retry-Count'] ?? 0) > 0
  // Whose client went away was slow, and may have been overtaken by its own repeat.
  const mayJoin = () => isRepeat || signal.aborted
  const acceptance =
    name === undefined
      ? await acceptMarked(ports, client, request, identity, mayJoin)
      : await accept(ports, client, request, name, identity)
  if (acceptance.ok) return acceptance.value
  const { refusal } = acceptance
  if (refusal.code === 'unusable_reference')
    return invalid('image', `image[${refusal.index}] ${refusal.reason}.`)
  const error = refused(refusal)
  if (error.code !== 'no_eligible_provider') return error
  const param = await unmetWish(ports, request, hasSpendLimit(client))
  return param === null ? error : new ApiError(error.code, error.message, { param })
}

/** The field without which some provider would make the picture. */
async function unmetWish(
  ports: Ports,
  request: TaskRequest,
  needsPrice: boolean,
): Promise<string | null> {
  const { size, quality, ...rest } = request
  const wishes = [
    ['size', { ...rest, ...(quality ? { quality } : {}) }],
    ['quality', { ...rest, ...(size ? { size } : {}) }],
  ] as const
  for (const [name, without] of wishes) {
    if (request[name] === undefined) continue
    const quotes = await quoteRequest(ports, without, needsPrice)
    if (quotes && candidatesOf(quotes).length > 0) return name
  }
  return null
}

/**
 * Why a task brought no picture.
 *
 * @param task null where it could not be read any more
 */
export function failureOf(
  id: string,
  task: TaskJson | null,
): ApiError<(typeof TASK_FAILURES)[number]> {
  const charged = task?.cost.charged ?? 'unknown'
  const details = { task: { id, charged } }
  if (task?.status === 'canceled')
    return new ApiError('task_canceled', 'The task was canceled.', details)
  if (task?.error) return new ApiError(task.error.code, `${task.error.message}`, details)
  const isOpen = task === null || task.completed_at === null
  return isOpen
    ? new ApiError(
        'timed_out',
        'The task is not over yet. Read it with GET /v1/tasks/{id}; sending the request again would pay again.',
        // The SDKs mark what they send again, so they get this task and no other.
        { task: { id, charged: 'unknown' }, headers: { 'x-should-retry': 'true' } },
      )
    : new ApiError('output_unavailable', 'The picture is no longer there.', details)
}
