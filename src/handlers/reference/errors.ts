/** Which errors an operation can answer with. */
import { ERROR_CODES, type ErrorCode } from '../../wire/error'
import type { Access, Operation } from './operation'

const BY_ACCESS: Readonly<Record<Access, readonly ErrorCode[]>> = {
  client: ['invalid_api_key', 'not_allowed'],
  reader: ['invalid_api_key'],
  picture: ['invalid_api_key', 'not_allowed'],
  admin: ['invalid_api_key', 'not_allowed'],
  none: [],
}

/** Every code that an operation can answer with. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const isJson = operation.body !== undefined
  // The query of a picture is its signature, and a wrong one is `not_allowed`.
  const checksQuery = operation.query !== undefined && operation.access !== 'picture'
  const codes = new Set<ErrorCode>([
    ...(isJson || checksQuery ? (['invalid_request'] as const) : []),
    ...(isJson ? (['body_too_large'] as const) : []),
    ...(isJson && !operation.body?.isOfAnyType ? (['unsupported_media_type'] as const) : []),
    ...BY_ACCESS[operation.access],
    ...operation.errors,
    'internal_error',
    'misconfigured',
  ])
  return ERROR_CODES.filter((code) => codes.has(code))
}
