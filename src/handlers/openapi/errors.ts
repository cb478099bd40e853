/** Which errors an operation can answer with, and how the document shows them. */
import type * as z from 'zod'
import { ERROR_CODES, ERRORS, type ErrorCode } from '../../wire/error'

import type { Access } from '../auth'
import type { HeaderName } from '../endpoint/answer'
import type { Description } from '../endpoint/endpoint'
import { errorShapeOf } from '../error-response'
import { ApiError, invalid } from '../errors'

const BY_ACCESS: Readonly<Record<Access, readonly ErrorCode[]>> = {
  client: ['invalid_api_key', 'not_allowed'],
  maker: ['invalid_api_key', 'not_allowed'],
  reader: ['invalid_api_key'],
  picture: ['invalid_api_key', 'not_allowed'],
  admin: ['invalid_api_key', 'not_allowed'],
  callback: ['not_found'],
  none: [],
}

const INVALID_SIZE = invalid('size', 'size must look like "1536x1024" or be "auto".')

/** Every code that an operation can answer with. */
export function errorsOf({ access, query, body, errors = [] }: Description): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...BY_ACCESS[access],
    ...(query ? (['invalid_request'] as const) : []),
    ...(body?.errors ?? []),
    ...errors,
    'internal_error',
    'misconfigured',
  ])
  return ERROR_CODES.filter((code) => codes.has(code))
}

export interface ErrorResponse {
  description: string
  headers: Record<string, { $ref: string }>
  content: {
    'application/json': {
      schema: z.ZodType
      examples: Record<string, { summary: string; value: object }>
    }
  }
}

/** One response a status, naming its codes. */
export function describeErrors(
  description: Description,
  headersOf: (names: readonly HeaderName[]) => Record<string, { $ref: string }>,
): Record<string, ErrorResponse> {
  const shape = errorShapeOf(description.path)
  const written = errorsOf(description).map((code) => {
    const { meaning } = ERRORS[code]
    const example = code === 'invalid_request' ? INVALID_SIZE : new ApiError(code, meaning)
    return { code, meaning, ...shape.write(example) }
  })
  const byStatus = Map.groupBy(written, ({ status }) => status)
  const responses = [...byStatus].map(([status, errors]) => {
    const examples = errors.map(({ code, body }) => [code, { summary: code, value: body }] as const)
    const response = {
      description: errors.map(({ code, meaning }) => `\`${code}\`: ${meaning}`).join('\n\n'),
      headers: headersOf(status === 429 ? ['Retry-After'] : []),
      content: {
        'application/json': { schema: shape.schema, examples: Object.fromEntries(examples) },
      },
    }
    return [String(status), response] as const
  })
  return Object.fromEntries(responses)
}
