/** Which errors an operation can answer with, and how the document shows them. */
import type { ZodOpenApiResponseObject } from 'zod-openapi'
import { ERROR_CODES, ERRORS, type ErrorCode, type ErrorJson, errorSchema } from '../../wire/error'
import type { Access } from '../auth'
import type { HeaderName } from '../endpoint/answer'
import type { Description } from '../endpoint/endpoint'

const BY_ACCESS: Readonly<Record<Access, readonly ErrorCode[]>> = {
  client: ['invalid_api_key', 'not_allowed'],
  reader: ['invalid_api_key'],
  picture: ['invalid_api_key', 'not_allowed'],
  admin: ['invalid_api_key', 'not_allowed'],
  callback: ['not_found'],
  none: [],
}

const INVALID_SIZE: ErrorJson = {
  error: {
    code: 'invalid_request',
    message: 'size must look like "1536x1024" or be "auto".',
    type: 'invalid_request_error',
    param: 'size',
  },
}

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

/** One response a status, naming its codes. */
export function describeErrors(
  description: Description,
  headersOf: (names: readonly HeaderName[]) => Record<string, { $ref: string }>,
): Record<string, ZodOpenApiResponseObject> {
  const byStatus = Map.groupBy(errorsOf(description), (code) => ERRORS[code].status)
  const responses = [...byStatus].map(([status, codes]) => {
    const shown = codes.map((code) => {
      const { meaning: message, type } = ERRORS[code]
      const value = code === 'invalid_request' ? INVALID_SIZE : { error: { code, message, type } }
      return [code, { summary: code, value }] as const
    })
    const response = {
      description: codes.map((code) => `\`${code}\`: ${ERRORS[code].meaning}`).join('\n\n'),
      headers: headersOf(status === 429 ? ['Retry-After'] : []),
      content: {
        'application/json': { schema: errorSchema, examples: Object.fromEntries(shown) },
      },
    }
    return [String(status), response] as const
  })
  return Object.fromEntries(responses)
}
