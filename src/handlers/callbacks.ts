/**
 * `POST /callbacks/{provider}/{attempt}/{token}`: a provider says that there is news.
 *
 * Invariant: the body is unsigned, so nothing in it is believed. It leaves a hint on the attempt
 * and makes the task due; the runner asks the provider with our key. The answer is 2xx only once
 * the hint is in the database.
 */
import * as z from 'zod'
import { hint } from '../flow/hint'
import { PROVIDERS } from '../providers'
import { json } from './endpoint/answer'
import { messageBody } from './endpoint/body'
import { endpoint } from './endpoint/endpoint'
import { ApiError, nothingHere } from './errors'
import { refused } from './refusals'
import { ATTEMPT_ID, PROVIDER_TASK_ID } from './tasks/examples'

export const CALLBACK_TOKEN = 'SSdkPwKNYxQpXAJ0uWl4RcBv9GmT2hZfLeOi7sHyVqE'

/** Each provider reads its own; the shape is for the reference only. */
const messageSchema = z.unknown().meta({
  id: 'ProviderCallback',
  description: "The provider's message. Only the id of its job is read.",
  type: 'object',
  properties: { id: { type: 'string', description: "The provider's id of the job." } },
})

export const receiveCallback = endpoint({
  id: 'receiveCallback',
  method: 'post',
  path: '/callbacks/{provider}/{attempt}/{token}',
  tag: 'Gateway',
  summary: 'Provider callback',
  description:
    'For providers only, at an address that only they were told. The body is a hint: the provider is asked with our key before anything is believed.',
  access: 'callback',
  params: z.object({
    provider: z
      .string()
      .meta({ description: 'A provider that calls back.', examples: ['aivideoapi.ai'] }),
    attempt: z
      .string()
      .meta({ description: 'The attempt that there is news of.', examples: [ATTEMPT_ID] }),
    token: z.string().meta({
      description: 'Proof that the provider was told this address.',
      examples: [CALLBACK_TOKEN],
    }),
  }),
  body: messageBody(messageSchema),
  answers: {
    200: json(
      z.strictObject({ received: z.literal(true) }).meta({ id: 'CallbackReceipt' }),
      'The hint is stored.',
      { received: true },
    ),
  },
  errors: ['not_found'],
  examples: [{ title: 'News', body: { id: PROVIDER_TASK_ID, status: 'completed' } }],
}).handle(async ({ ports, caller, params, body }) => {
  const { readCallback } = PROVIDERS[caller]
  if (!readCallback) return nothingHere()
  const reference = readCallback(body)
  if (reference === null) return new ApiError('invalid_request', 'The body names no task id.')
  const hinted = await hint(ports, caller, params.attempt, reference)
  return hinted.ok ? { status: 200, body: { received: true } } : refused(hinted.refusal)
})
