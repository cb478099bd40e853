/** What a client is told of its submission: the task, or which error, and how many more it may send. */
import { secondsUntilTomorrow } from '../core/spending'
import type { Task } from '../core/task'
import { type LimitName, WINDOW_MS, type Window } from '../db/limits'
import type { Acceptance, Client } from '../flow/accept'
import { ApiError, noProviderConfigured, taskNotFound } from './errors'

const DAY_SECONDS = 24 * 60 * 60

interface Accepted {
  task: Task
  isReplay: boolean
  window: Window | null
}

/** @throws ApiError when no task was made. */
export function acceptedOf(acceptance: Acceptance, client: Client, now: number): Accepted {
  switch (acceptance.kind) {
    case 'accepted':
      return { task: acceptance.task, isReplay: false, window: acceptance.window }
    case 'replayed':
      if (acceptance.task.deletedAt !== null) throw taskNotFound()
      return { task: acceptance.task, isReplay: true, window: null }
    case 'key_reused':
      throw new ApiError(
        'idempotency_key_reused',
        'This Idempotency-Key was used for another request. Use a new key for a new picture.',
        { param: 'Idempotency-Key' },
      )
    case 'over_limit':
      throw overLimit(acceptance.limit, acceptance.window, client, now)
    case 'no_provider_configured':
      throw noProviderConfigured()
    case 'not_eligible': {
      const providers = acceptance.quotes.map(({ provider, model, reason }) => ({
        provider,
        model,
        reason,
      }))
      const reasons = providers.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ')
      throw new ApiError('no_eligible_provider', `No provider can make this picture. ${reasons}.`, {
        providers,
      })
    }
  }
}

function overLimit(limit: LimitName, window: Window | null, client: Client, now: number): ApiError {
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

/** How many tasks the key may still make in this minute; none for a key without a rate limit. */
export function rateLimitHeaders(
  { rateLimitPerMinute }: Client,
  window: Window | null,
  now: number,
): Array<[string, string]> {
  if (rateLimitPerMinute === null || !window) return []
  return [
    ['RateLimit-Limit', String(rateLimitPerMinute)],
    ['RateLimit-Remaining', String(Math.max(0, rateLimitPerMinute - window.tasks))],
    ['RateLimit-Reset', String(secondsLeft(window, now))],
  ]
}

function secondsLeft(window: Window | null, now: number): number {
  const endsAt = (window?.startedAt ?? now) + WINDOW_MS
  return Math.max(1, Math.ceil((endsAt - now) / 1000))
}
