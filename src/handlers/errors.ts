/**
 * Every error a client can see: one code, one status, one type.
 *
 * Invariant: an internal message never reaches a client.
 */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppContext } from './context'

type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'billing_error'
  | 'rate_limit_error'
  | 'api_error'
  | 'upstream_error'

const ERRORS = {
  invalid_request: { status: 400, type: 'invalid_request_error' },
  invalid_api_key: { status: 401, type: 'authentication_error' },
  not_allowed: { status: 403, type: 'permission_error' },
  not_found: { status: 404, type: 'invalid_request_error' },
  task_not_found: { status: 404, type: 'invalid_request_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  task_not_cancelable: { status: 409, type: 'invalid_request_error' },
  task_not_terminal: { status: 409, type: 'invalid_request_error' },
  body_too_large: { status: 413, type: 'invalid_request_error' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  range_not_satisfiable: { status: 416, type: 'invalid_request_error' },
  idempotency_key_reused: { status: 422, type: 'invalid_request_error' },
  no_eligible_provider: { status: 422, type: 'invalid_request_error' },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  spend_limit_exceeded: { status: 429, type: 'billing_error' },
  internal_error: { status: 500, type: 'api_error' },
  no_provider_configured: { status: 503, type: 'api_error' },
  misconfigured: { status: 503, type: 'api_error' },
} as const satisfies Record<string, { status: ContentfulStatusCode; type: ErrorType }>

export type ErrorCode = keyof typeof ERRORS

interface Details {
  /** The field that is wrong. */
  param?: string
  headers?: Record<string, string>
  /** Why each provider can't make the request. */
  providers?: Array<{ provider: string; model: string; reason: string | null }>
}

export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Details = {},
  ) {
    super(message)
  }
}

/** A body field, query value or header that is wrong. */
export function invalid(param: string, message: string): ApiError {
  return new ApiError('invalid_request', message, { param })
}

/** The same for a task that does not exist and one of another key. */
export function taskNotFound(): ApiError {
  return new ApiError('task_not_found', 'There is no such task.')
}

export function noProviderConfigured(): ApiError {
  return new ApiError('no_provider_configured', 'No provider has an API key on this gateway.')
}

export function errorResponse(c: AppContext, error: ApiError): Response {
  const { status, type } = ERRORS[error.code]
  const { param, providers, headers } = error.details
  const body = {
    code: error.code,
    message: error.message,
    type,
    ...(param === undefined ? {} : { param }),
    ...(providers === undefined ? {} : { providers }),
  }
  c.header('X-Request-Id', c.get('requestId'))
  return c.json({ error: body }, status, headers)
}
