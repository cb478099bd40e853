/**
 * Errors on their way to a client, in the words of the API that it speaks.
 *
 * Invariant: an internal message never reaches a client.
 */
import { ERRORS, errorSchema } from '../wire/error'
import type { AppContext } from './context'
import {
  AIVIDEOAPI_ERRORS,
  GPTIMAGE2_ERRORS,
  GPTIMAGE2API_ERRORS,
  NANOBANANAAPI_ERRORS,
} from './dialects/errors'
import { openAiErrors } from './dialects/openai/errors'
import { NOT_KEPT } from './endpoint/answer'
import type { ApiError, ErrorShape } from './errors'

/** What `/v1` answers, and every path that has no shape of its own. */
const OWN: ErrorShape = {
  schema: errorSchema,
  write: ({ code, message, details: { param, providers } }) => {
    const { status, type } = ERRORS[code]
    const fields = {
      ...(param === undefined ? {} : { param }),
      ...(providers === undefined ? {} : { providers }),
    }
    return { status, body: { error: { code, message, type, ...fields } } }
  },
}

/** By what the path begins with. A dialect adds its own, from a file that imports no operation. */
const SHAPES: ReadonlyArray<readonly [prefix: `/${string}/`, ErrorShape]> = [
  ['/compat/aivideoapi.ai/', AIVIDEOAPI_ERRORS],
  ['/compat/gptimage2api.org/', GPTIMAGE2API_ERRORS],
  ['/compat/gptimage2.ai/', GPTIMAGE2_ERRORS],
  ['/compat/nanobananaapi.dev/', NANOBANANAAPI_ERRORS],
  ['/openai/v1/', openAiErrors],
]

export function errorShapeOf(path: string): ErrorShape {
  return SHAPES.find(([prefix]) => `${path}/`.startsWith(prefix))?.[1] ?? OWN
}

export function errorResponse(c: AppContext, error: ApiError): Response {
  const { status, body, headers } = errorShapeOf(c.req.path).write(error)
  c.header('X-Request-Id', c.get('requestId'))
  c.header('Cache-Control', NOT_KEPT)
  return c.json(body, status, { ...headers, ...error.details.headers })
}
