/**
 * Errors on their way to a client.
 *
 * Invariant: an internal message never reaches a client.
 */
import { ERRORS, type ErrorCode, type ErrorJson } from '../wire/error'
import type { AppContext } from './context'

interface Details {
  /** The field that is wrong. */
  param?: string
  headers?: Record<string, string>
  /** Why each provider can't make the request. */
  providers?: ErrorJson['error']['providers']
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
  return c.json({ error: body } satisfies ErrorJson, status, headers)
}
