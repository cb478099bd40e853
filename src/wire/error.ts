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
      'Something in the request is wrong; `param` names the field, header or query value. Nothing was written.',
  },
  invalid_api_key: {
    status: 401,
    type: 'authentication_error',
    meaning: 'The key is missing, wrong, revoked or past its rotation.',
  },
  not_allowed: {
    status: 403,
    type: 'permission_error',
    meaning:
      'A client key on an admin endpoint, the admin token making a task, or a signed address that expired or was changed.',
  },
  not_found: { status: 404, type: 'invalid_request_error', meaning: 'There is nothing here.' },
  task_not_found: {
    status: 404,
    type: 'invalid_request_error',
    meaning: 'There is no such task, or it belongs to another key: both look the same.',
  },
  method_not_allowed: {
    status: 405,
    type: 'invalid_request_error',
    meaning: '`Allow` says what is possible.',
  },
  task_not_cancelable: {
    status: 409,
    type: 'invalid_request_error',
    meaning: 'A provider was asked already and will be paid, or the task is over.',
  },
  task_not_terminal: {
    status: 409,
    type: 'invalid_request_error',
    meaning: 'Only a task that is over can be deleted.',
  },
  body_too_large: {
    status: 413,
    type: 'invalid_request_error',
    meaning: 'JSON ends at 1 MiB, a picture at 50 MiB.',
  },
  unsupported_media_type: {
    status: 415,
    type: 'invalid_request_error',
    meaning: 'JSON is `application/json`; a picture is a PNG, JPEG or WebP.',
  },
  range_not_satisfiable: {
    status: 416,
    type: 'invalid_request_error',
    meaning: 'The picture ends before this range begins.',
  },
  idempotency_key_reused: {
    status: 422,
    type: 'invalid_request_error',
    meaning: 'This `Idempotency-Key` was used for another request.',
  },
  no_eligible_provider: {
    status: 422,
    type: 'invalid_request_error',
    meaning: 'Nobody can make this picture; `providers` says why for each.',
  },
  rate_limit_exceeded: {
    status: 429,
    type: 'rate_limit_error',
    meaning: 'Too many tasks in this minute. `Retry-After` says when there is room.',
  },
  spend_limit_exceeded: {
    status: 429,
    type: 'billing_error',
    meaning: 'The task could pass a spend limit of the key. `Retry-After` as above.',
  },
  internal_error: {
    status: 500,
    type: 'api_error',
    meaning: 'A fault of ours. Repeat a POST only with the same `Idempotency-Key`.',
  },
  no_provider_configured: {
    status: 503,
    type: 'api_error',
    meaning: 'The operator has set no provider key.',
  },
  misconfigured: {
    status: 503,
    type: 'api_error',
    meaning: 'A setting of the gateway is bad; the message names it.',
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
