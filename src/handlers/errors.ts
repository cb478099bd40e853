/** What may go wrong with a request, as values; `error-response.ts` tells the client. */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type * as z from 'zod'
import type { Charged } from '../core/attempt'
import type { ErrorCode, ErrorJson } from '../wire/error'

interface Details {
  /** The field that is wrong. */
  param?: string
  headers?: Record<string, string>
  /** Why each provider can't make the request. */
  providers?: ErrorJson['error']['providers']
  /** Credits that the request needs and the key can't pay. */
  required?: number
  /** The task that failed, where a request waited for its pictures. */
  task?: { id: string; charged: Charged }
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

/** How the operations below one path tell their errors. */
export interface ErrorShape {
  /** The body, for the reference. */
  schema: z.ZodType
  write(error: ApiError): WrittenError
}

export interface WrittenError {
  status: ContentfulStatusCode
  body: object
  /** Those that the error itself brings come first. */
  headers?: Record<string, string>
}
