/** The one map from what the flow refuses to what a client is told. */
import { secondsUntilTomorrow } from '../core/spending'
import type { OverLimit, Refusal, RefusalCode } from '../flow/refusal'
import { ApiError, invalid, nothingHere, taskNotFound } from './errors'
import { rateLimitHeaders, secondsLeft } from './rate-limit'

const orList = new Intl.ListFormat('en-GB', { type: 'disjunction' })

const DAY_SECONDS = 24 * 60 * 60

const TOLD = {
  task_not_found: taskNotFound,
  callback_not_found: nothingHere,
  delivery_not_found: () => new ApiError('not_found', 'The task has no such delivery.'),
  attempt_not_found: () => new ApiError('not_found', 'There is no such attempt.'),
  task_not_cancelable: () =>
    new ApiError(
      'task_not_cancelable',
      'Only a queued task can be canceled; this one is over, or a provider was asked and will be paid.',
    ),
  task_not_terminal: () =>
    new ApiError('task_not_terminal', 'The task is still running; delete it when it is over.'),
  charge_known: () =>
    new ApiError(
      'charge_known',
      'Only an attempt that is over, and whose charge is unknown, can be settled, and only once.',
    ),
  idempotency_key_reused: () =>
    new ApiError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request. Use a new key for a new picture.',
      { param: 'Idempotency-Key' },
    ),
  unknown_model: ({ field, name, known }: Refusal<'unknown_model'>) =>
    invalid(field, `${field} must be ${orList.format(known)}, not "${name}".`),
  unusable_reference: ({ index, reason }: Refusal<'unusable_reference'>) =>
    invalid('image_urls', `image_urls[${index}] ${reason}.`),
  no_provider_configured: () =>
    new ApiError('no_provider_configured', 'No provider has an API key on this gateway.'),
  no_eligible_provider: ({ quotes }: Refusal<'no_eligible_provider'>) => {
    const providers = quotes.map(({ provider, model, reason }) => ({ provider, model, reason }))
    const reasons = providers.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ')
    const message = `No provider can make this picture. ${reasons}.`
    return new ApiError('no_eligible_provider', message, { providers })
  },
  over_limit: overLimit,
} satisfies { [Code in RefusalCode]: (refusal: Refusal<Code>) => ApiError }

/** The same map, so that the compiler knows which error follows from which code. */
const toldFor: {
  [Code in RefusalCode]: (refusal: Refusal<Code>) => ReturnType<(typeof TOLD)[Code]>
} = TOLD

export function refused<Code extends RefusalCode>(
  refusal: Refusal<Code>,
): ReturnType<(typeof TOLD)[Code]> {
  return toldFor[refusal.code](refusal)
}

function overLimit({
  limit,
  client,
  window,
  now,
}: OverLimit): ApiError<'rate_limit_exceeded' | 'spend_limit_exceeded'> {
  switch (limit) {
    case 'rate': {
      const headers = rateLimitHeaders(client, window, now)
      const message = `This key may make ${client.rateLimitPerMinute} tasks a minute.`
      const retryAfter = String(secondsLeft(window, now))
      return new ApiError('rate_limit_exceeded', message, {
        headers: { ...headers, 'Retry-After': retryAfter },
      })
    }
    case 'daily_usd': {
      const message = `This key may spend $${client.dailyUsdLimit} a day, and the dearest provider for this task would exceed that.`
      const headers = { 'Retry-After': String(secondsUntilTomorrow(now)) }
      return new ApiError('spend_limit_exceeded', message, { headers })
    }
    case 'total_usd': {
      const message = `This key may spend $${client.totalUsdLimit} altogether, and the dearest provider for this task would exceed that.`
      const headers = { 'Retry-After': String(DAY_SECONDS) }
      return new ApiError('spend_limit_exceeded', message, { headers })
    }
  }
}
