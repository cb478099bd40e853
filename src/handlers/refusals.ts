/** The one map from what the flow refuses to what a client is told. */
import { secondsUntilTomorrow } from '../core/spending'
import type { OverLimit, Refusal } from '../flow/refusal'
import { ApiError, taskNotFound } from './errors'
import { rateLimitHeaders, secondsLeft } from './rate-limit'

const DAY_SECONDS = 24 * 60 * 60

export function refused(refusal: Refusal): ApiError {
  switch (refusal.code) {
    case 'task_not_found':
      return taskNotFound()
    case 'callback_not_found':
      return new ApiError('not_found', 'There is nothing at this path.')
    case 'delivery_not_found':
      return new ApiError('not_found', 'The task has no such delivery.')
    case 'task_not_cancelable':
      return new ApiError(
        'task_not_cancelable',
        'Only a queued task can be canceled; this one is over, or a provider was asked and will be paid.',
      )
    case 'task_not_terminal':
      return new ApiError(
        'task_not_terminal',
        'The task is still running; delete it when it is over.',
      )
    case 'idempotency_key_reused':
      return new ApiError(
        'idempotency_key_reused',
        'This Idempotency-Key was used for another request. Use a new key for a new picture.',
        { param: 'Idempotency-Key' },
      )
    case 'no_provider_configured':
      return new ApiError('no_provider_configured', 'No provider has an API key on this gateway.')
    case 'no_eligible_provider': {
      const providers = refusal.quotes.map(({ provider, model, reason }) => ({
        provider,
        model,
        reason,
      }))
      const reasons = providers.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ')
      const message = `No provider can make this picture. ${reasons}.`
      return new ApiError('no_eligible_provider', message, { providers })
    }
    case 'over_limit':
      return overLimit(refusal)
  }
}

function overLimit({ limit, client, window, now }: OverLimit): ApiError {
  switch (limit) {
    case 'rate': {
      const headers = Object.fromEntries(rateLimitHeaders(client, window, now))
      const message = `This key may make ${client.rateLimitPerMinute} tasks a minute.`
      const retryAfter = String(secondsLeft(window, now))
      return new ApiError('rate_limit_exceeded', message, {
        headers: { ...headers, 'Retry-After': retryAfter },
      })
    }
    case 'daily_usd': {
      const message = `This key may spend $${client.dailyUsdLimit} a day, and the dearest provider for this task would pass that.`
      const headers = { 'Retry-After': String(secondsUntilTomorrow(now)) }
      return new ApiError('spend_limit_exceeded', message, { headers })
    }
    case 'total_usd': {
      const message = `This key may spend $${client.totalUsdLimit} altogether, and the dearest provider for this task would pass that.`
      const headers = { 'Retry-After': String(DAY_SECONDS) }
      return new ApiError('spend_limit_exceeded', message, { headers })
    }
  }
}
