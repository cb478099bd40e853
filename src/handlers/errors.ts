/**
 * Errors on their way to a client.
 *
 * Invariant: an internal message never reaches a client.
 */
import { ERRORS, type ErrorCode, type ErrorJson } from '../wire/error'
import type { AppContext } from './context'
import { NOT_KEPT } from './endpoint/answer'

interface Details {
  /** The field that is wrong. */
  param?: string
  headers?: Record<string, string>
  /** Why each provider can't make the request. */
  providers?: ErrorJson['error']['providers']
}

/** Handlers give it back as a value; what reads and authenticates a request throws it. */
export class ApiError<Code extends ErrorCode = ErrorCode> extends Error {
  constructor(
    readonly code: Code,
    message: string,
    readonly details: Details = {},
  ) {
    super(message)
  }
}

/** `instanceof` alone would forget which codes are possible. */
export function isApiError<Value>(value: Value): value is Extract<Value, ApiError> {
  return value instanceof ApiError
}

/** A body field, query value or header that is wrong. */
export function invalid(param: string, message: string): ApiError<'invalid_request'> {
  return new ApiError('invalid_request', message, { param })
}

/** The same for a task that does not exist and one of another key. */
export function taskNotFound(): ApiError<'task_not_found'> {
  return new ApiError('task_not_found', 'There is no such task.')
}

export function nothingHere(): ApiError<'not_found'> {
  return new ApiError('not_found', 'There is nothing at this path.')
}

export function tooLarge(bytesMax: number): ApiError<'body_too_large'> {
  const mebibytes = Math.floor(bytesMax / 2 ** 20)
  return new ApiError('body_too_large', `The body may have at most ${mebibytes} MiB.`)
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
  c.header('Cache-Control', NOT_KEPT)
  return c.json({ error: body } satisfies ErrorJson, status, headers)
}
