/** Every error a client can see: one code, one status, one type. */
import * as z from 'zod'
import { modelIdSchema, providerIdSchema } from './vocabulary'

const ERROR_TYPES = [
  'invalid_request_error',
  'authentication_error',
  'permission_error',
  'billing_error',
  'rate_limit_error',
  'api_error',
  'upstream_error',
] as const

export const ERRORS = {
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
} as const satisfies Record<string, { status: number; type: (typeof ERROR_TYPES)[number] }>

export type ErrorCode = keyof typeof ERRORS
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[]

export const errorSchema = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(ERROR_CODES).meta({ id: 'ErrorCode', description: 'What went wrong.' }),
      message: z.string().describe('For people. It may change; decide by `code`.'),
      type: z.enum(ERROR_TYPES).describe('The kind of error.'),
      param: z.string().describe('The field, header or query value that is wrong.').optional(),
      providers: z
        .array(
          z.strictObject({
            provider: providerIdSchema,
            model: modelIdSchema,
            reason: z.string().nullable(),
          }),
        )
        .describe('With `no_eligible_provider`: why each can not make the picture.')
        .optional(),
    }),
  })
  .meta({ id: 'Error', description: 'Every answer of `/v1` that is not 2xx.' })

export type ErrorJson = z.output<typeof errorSchema>
