/**
 * Errors as OpenAI writes them, with the statuses that its SDKs make their error classes from.
 *
 * Invariant: an answer that a client would repeat by itself (408, 409, 429, 5xx) is given only where
 * nothing was charged for sure. The header `x-should-retry` says the same to SDKs that know it.
 */
import * as z from 'zod'
import { CHARGES } from '../../../core/attempt'
import { ERRORS, type ErrorCode } from '../../../wire/error'
import type { ApiError, ErrorShape } from '../../errors'

const POSSIBLY_CHARGED = 422

/** A request that can't be made is a bad request there. */
const STATUSES: Partial<Record<ErrorCode, 400>> = { no_eligible_provider: 400 }

/** What clients of OpenAI know a refusal of the content by. */
const CODES: Partial<Record<ErrorCode, string>> = { content_refused: 'moderation_blocked' }

/** Sending these again by itself helps no client. */
const LASTING: readonly ErrorCode[] = ['spend_limit_exceeded', 'misconfigured']

export const openAiErrorSchema = z
  .strictObject({
    error: z.strictObject({
      message: z.string().describe('For people to read.'),
      type: z.string().describe('The kind of error.'),
      param: z.string().nullable().describe('The field that is wrong, else null.'),
      code: z.string().describe('What went wrong.'),
      task_id: z
        .string()
        .describe('The task behind the request; `GET /v1/tasks/{id}` tells all of it.')
        .optional(),
      charged: z.enum(CHARGES).describe('Whether a provider took money for it.').optional(),
    }),
  })
  .meta({ id: 'OpenAiError', description: 'Every answer of `/openai/v1` that is not 2xx.' })

export type OpenAiErrorJson = z.output<typeof openAiErrorSchema>

export const openAiErrors: ErrorShape = {
  schema: openAiErrorSchema,
  write: (error) => {
    const { code, details } = error
    const isPossiblyCharged = details.task !== undefined && details.task.charged !== 'no'
    const status = STATUSES[code] ?? ERRORS[code].status
    return {
      status: isPossiblyCharged && status !== 400 ? POSSIBLY_CHARGED : status,
      body: openAiErrorJson(error),
      ...(isPossiblyCharged || LASTING.includes(code)
        ? { headers: { 'x-should-retry': 'false' } }
        : {}),
    }
  },
}

export function openAiErrorJson({ code, message, details }: ApiError): OpenAiErrorJson {
  const { param = null, task } = details
  const { type } = ERRORS[code]
  const known = task ? { task_id: task.id, charged: task.charged } : {}
  return { error: { message, type, param, code: CODES[code] ?? code, ...known } }
}
