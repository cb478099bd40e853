/** A request in the words of a dialect becomes a task, by the same verb as one of `/v1`. */
import * as z from 'zod'
import type { TaskRequest } from '../../core/request'
import { type Accepted, accept, type Client } from '../../flow/accept'
import type { Ports } from '../../flow/ports'
import { enabledProviders } from '../../flow/route'
import { refuseAddresses } from '../addresses'
import { ApiError, invalid } from '../errors'
import { idempotencyKeySchema } from '../idempotency-key'
import { rateLimitHeaders } from '../rate-limit'
import { refused } from '../refusals'
import { isServed } from './openai/models'
import type { TASK_REFUSALS } from './task-errors'

/** None of the APIs documents it, but a client may send it. */
export const makeHeaders = z.object({ 'Idempotency-Key': idempotencyKeySchema })

/** What is told of it beside the answer's body. */
export const TOLD_HEADERS = [
  'Idempotent-Replayed',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
] as const

export interface Made extends Accepted {
  headers: Partial<Record<(typeof TOLD_HEADERS)[number], string>>
}

/** @param pictures what the client calls its reference pictures */
export async function makeTask(
  ports: Ports,
  caller: Client,
  request: TaskRequest,
  headers: z.output<typeof makeHeaders>,
  pictures: string,
): Promise<Made | ApiError<'invalid_request' | (typeof TASK_REFUSALS)[number]>> {
  const { model } = request
  if (enabledProviders(ports).size > 0 && !isServed(ports, model))
    return new ApiError('model_not_found', `There is no model "${model}" here.`, { param: 'model' })
  const refusedAddress = refuseAddresses(ports.settings, request, pictures)
  if (refusedAddress) return refusedAddress
  const acceptance = await accept(ports, caller, request, headers['Idempotency-Key'] ?? null)
  if (!acceptance.ok) {
    const { refusal } = acceptance
    return refusal.code === 'unusable_reference'
      ? invalid(pictures, `${pictures}[${refusal.index}] ${refusal.reason}.`)
      : refused(refusal)
  }
  const { isReplay, window } = acceptance.value
  return {
    ...acceptance.value,
    headers: {
      ...(isReplay ? { 'Idempotent-Replayed': 'true' } : {}),
      ...rateLimitHeaders(caller, window, ports.now()),
    },
  }
}
