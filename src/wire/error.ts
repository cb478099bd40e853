/**
 * Every error a client can see: one code, one status, one type, one meaning.
 *
 * An operation of a dialect may answer with the pictures themselves; then a task's failure is its error.
 */
import * as z from 'zod'
import type { TaskFailureCode } from '../core/task'
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

interface ErrorMeaning {
  status: number
  type: (typeof ERROR_TYPES)[number]
  meaning: string
}

const GATEWAY_ERRORS = {
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
} as const satisfies Record<string, ErrorMeaning>

/** Of the dialects alone; most say why a task failed, to a request that waited for its pictures. */
const DIALECT_ERRORS = {
  model_not_found: {
    status: 404,
    type: 'invalid_request_error',
    meaning: 'There is no such model here, or no provider that makes it.',
  },
  content_refused: {
    status: 400,
    type: 'invalid_request_error',
    meaning: 'A provider refused the content itself.',
  },
  submit_outcome_unknown: {
    status: 422,
    type: 'upstream_error',
    meaning:
      'Nobody knows whether a provider took the job. It may be charged, so do not send it again; a picture that still comes is stored in the task.',
  },
  task_canceled: {
    status: 422,
    type: 'invalid_request_error',
    meaning: 'The task was canceled. Nothing was charged.',
  },
  output_unavailable: {
    status: 502,
    type: 'upstream_error',
    meaning: 'A provider finished, but its picture could not be fetched.',
  },
  partial_outputs: {
    status: 502,
    type: 'upstream_error',
    meaning: 'Only some of the pictures were made; they are in the task.',
  },
  provider_rejected: {
    status: 502,
    type: 'upstream_error',
    meaning: 'The only provider that was tried refused the request.',
  },
  provider_failed: {
    status: 502,
    type: 'upstream_error',
    meaning: 'The only provider that was tried took the job and failed it.',
  },
  all_providers_failed: {
    status: 502,
    type: 'upstream_error',
    meaning: 'Several providers were tried, and none made the picture.',
  },
  timed_out: {
    status: 504,
    type: 'upstream_error',
    meaning: 'The deadline passed. A picture that still comes is stored in the task.',
  },
} as const satisfies Record<TaskFailureCode | 'task_canceled' | 'model_not_found', ErrorMeaning>

export const ERRORS = { ...GATEWAY_ERRORS, ...DIALECT_ERRORS }
export type ErrorCode = keyof typeof ERRORS
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[]

const errorCodeSchema = z
  .enum(Object.keys(GATEWAY_ERRORS) as Array<keyof typeof GATEWAY_ERRORS>)
  .meta({
    id: 'ErrorCode',
    description: 'What went wrong.',
    'x-enumDescriptions': Object.fromEntries(
      Object.entries(GATEWAY_ERRORS).map(([code, { meaning }]) => [code, meaning]),
    ),
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
