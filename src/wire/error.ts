/** Every error a client can see: one code, one status, one type, one meaning. */
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
  invalid_request: {
    status: 400,
    type: 'invalid_request_error',
    meaning:
      'Something in the request is wrong; `param` names the field, header or query value. Nothing was changed.',
  },
  invalid_api_key: {
    status: 401,
    type: 'authentication_error',
    meaning: 'The API key is missing, wrong, revoked, or was rotated and its grace is over.',
  },
  not_allowed: {
    status: 403,
    type: 'permission_error',
    meaning:
      'This key may not do this: a client key at an admin operation, the admin token making or changing a task, or a signed URL that expired or was changed.',
  },
  not_found: {
    status: 404,
    type: 'invalid_request_error',
    meaning: 'There is nothing at this path, or no such thing.',
  },
  task_not_found: {
    status: 404,
    type: 'invalid_request_error',
    meaning: 'There is no such task, or it belongs to another key: both look the same.',
  },
  method_not_allowed: {
    status: 405,
    type: 'invalid_request_error',
    meaning: 'This path does not take this method; the header `Allow` says which it takes.',
  },
  task_not_cancelable: {
    status: 409,
    type: 'invalid_request_error',
    meaning: 'The task is over, or a provider was asked already and will be paid.',
  },
  task_not_terminal: {
    status: 409,
    type: 'invalid_request_error',
    meaning: 'Only a task that is over can be deleted.',
  },
  charge_known: {
    status: 409,
    type: 'invalid_request_error',
    meaning: 'The attempt is not over yet, or it is known whether it was charged.',
  },
  body_too_large: {
    status: 413,
    type: 'invalid_request_error',
    meaning: 'The body is too large: JSON may have 1 MiB, a picture 50 MiB.',
  },
  unsupported_media_type: {
    status: 415,
    type: 'invalid_request_error',
    meaning:
      'The body is of another type than expected: `application/json`, or a PNG, JPEG or WebP picture.',
  },
  range_not_satisfiable: {
    status: 416,
    type: 'invalid_request_error',
    meaning: 'The picture ends before the range that `Range` asks for.',
  },
  idempotency_key_reused: {
    status: 422,
    type: 'invalid_request_error',
    meaning: 'This `Idempotency-Key` was used for a different request.',
  },
  no_eligible_provider: {
    status: 422,
    type: 'invalid_request_error',
    meaning: 'No provider can make this picture; `providers` says for each why.',
  },
  rate_limit_exceeded: {
    status: 429,
    type: 'rate_limit_error',
    meaning: 'The key made too many tasks in this minute. `Retry-After` says when to retry.',
  },
  spend_limit_exceeded: {
    status: 429,
    type: 'billing_error',
    meaning: 'The task could exceed a spend limit of the key. `Retry-After` says when to retry.',
  },
  internal_error: {
    status: 500,
    type: 'api_error',
    meaning:
      'Something went wrong in the gateway. Retry a POST only with the same `Idempotency-Key`.',
  },
  no_provider_configured: {
    status: 503,
    type: 'api_error',
    meaning: 'The operator has set no key of any provider.',
  },
  misconfigured: {
    status: 503,
    type: 'api_error',
    meaning:
      'A setting of the gateway is bad; the message names it, and the operator has to mend it.',
  },
} as const satisfies Record<
  string,
  { status: number; type: (typeof ERROR_TYPES)[number]; meaning: string }
>

export type ErrorCode = keyof typeof ERRORS
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[]

const errorCodeSchema = z.enum(ERROR_CODES).meta({
  id: 'ErrorCode',
  description: 'What went wrong.',
  'x-enumDescriptions': Object.fromEntries(ERROR_CODES.map((code) => [code, ERRORS[code].meaning])),
})

export const errorSchema = z
  .strictObject({
    error: z.strictObject({
      code: errorCodeSchema,
      message: z.string().describe('For people to read. It may change, so decide by `code`.'),
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
        .describe("With `no_eligible_provider`: for each provider, why it can't make the picture.")
        .optional(),
    }),
  })
  .meta({ id: 'Error', description: 'Every answer of `/v1` that is not 2xx.' })

export type ErrorJson = z.output<typeof errorSchema>
