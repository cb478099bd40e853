/**
 * Errors in the words of the four providers' APIs.
 *
 * Each has the shape that its document shows. A code of ours that the document has no word for becomes
 * the nearest one that it has.
 */
import * as z from 'zod'
import { ERRORS, type ErrorCode } from '../../wire/error'
import type { ErrorShape } from '../errors'

const text = z.string()

/** "Error Reference": what is refused here for other reasons than there. */
const AIVIDEOAPI_NEAREST: Partial<Record<ErrorCode, ErrorCode>> = {
  body_too_large: 'invalid_request',
  unsupported_media_type: 'invalid_request',
  idempotency_key_reused: 'invalid_request',
  no_eligible_provider: 'invalid_request',
}

export const AIVIDEOAPI_ERRORS: ErrorShape = {
  schema: z
    .strictObject({ error: z.strictObject({ code: text, message: text, type: text }) })
    .meta({ id: 'AivideoapiError', description: 'An error in the words of aivideoapi.ai.' }),
  write: ({ code: own, message }) => {
    if (own === 'no_provider_configured' || own === 'misconfigured') {
      const error = { code: 'upstream_error', message, type: 'upstream_error' }
      return { status: 503, body: { error } }
    }
    const code = AIVIDEOAPI_NEAREST[own] ?? own
    const { status, type } = ERRORS[code]
    return { status, body: { error: { code, message, type } } }
  },
}

/** Those that are about the request itself are a 400 there. */
const GPTIMAGE2API_INVALID: readonly ErrorCode[] = [
  'invalid_request',
  'body_too_large',
  'unsupported_media_type',
  'model_not_found',
  'idempotency_key_reused',
  'no_eligible_provider',
]

export const GPTIMAGE2API_ERRORS: ErrorShape = {
  schema: z
    .strictObject({
      error: text,
      details: z
        .record(text, text)
        .describe('With "Invalid request": by field, what is wrong.')
        .optional(),
      required: z
        .number()
        .describe('With "Insufficient credits": what the first provider in line asks.')
        .optional(),
    })
    .meta({ id: 'Gptimage2apiError', description: 'An error in the words of gptimage2api.org.' }),
  write: ({ code, message, details: { param = 'request', required = 0 } }) => {
    if (GPTIMAGE2API_INVALID.includes(code))
      return { status: 400, body: { error: 'Invalid request', details: { [param]: message } } }
    if (code === 'invalid_api_key') return { status: 401, body: { error: 'Unauthorized' } }
    if (code === 'spend_limit_exceeded')
      return { status: 402, body: { error: 'Insufficient credits', required } }
    return { status: ERRORS[code].status, body: { error: message } }
  },
}

export const GPTIMAGE2_ERRORS: ErrorShape = {
  schema: z
    .strictObject({
      error: text.describe('For programs: what went wrong.'),
      message: text.describe('For people: the same in words, and the field.'),
    })
    .meta({ id: 'Gptimage2Error', description: 'An error in the words of gptimage2.ai.' }),
  write: ({ code, message }) =>
    code === 'spend_limit_exceeded'
      ? { status: 402, body: { error: 'insufficient_credits', message } }
      : { status: ERRORS[code].status, body: { error: code, message } },
}

export const NANOBANANAAPI_ERRORS: ErrorShape = {
  schema: z
    .strictObject({
      error: z.strictObject({
        code: text,
        message: text,
        type: text,
        task_id: text.describe('The task, where one was made.').optional(),
        charged: z
          .enum(['yes', 'no', 'unknown'])
          .describe('Whether a provider took money for it.')
          .optional(),
      }),
    })
    .meta({
      id: 'NanobananaapiError',
      description: 'An error to clients of nanobananaapi.dev, which documents none.',
    }),
  write: ({ code, message, details: { task } }) => {
    const { status, type } = ERRORS[code]
    const about = task ? { task_id: task.id, charged: task.charged } : {}
    // Programs repeat a 5xx by themselves, and what may be paid for must not be repeated.
    const mayRepeat = task === undefined || task.charged === 'no'
    const body = { error: { code, message, type, ...about } }
    return { status: mayRepeat || status < 500 ? status : 422, body }
  },
}
