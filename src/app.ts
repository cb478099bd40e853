/** Middleware order, mounts, and the two places where a request can fall through. */
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { routePath } from 'hono/route'
import { getPath } from 'hono/utils/url'
import { kindOf, writeLog } from './flow/log'
import type { AppEnv } from './handlers/context'
import { errorResponse } from './handlers/error-response'
import { ApiError, nothingHere } from './handlers/errors'
import { mountMcp } from './handlers/mcp/endpoint'
import { mountOperations } from './handlers/operations'
import { openPorts } from './platform'
import { learnedPublicUrl } from './public-url'
import { SettingsError } from './settings'

const orList = new Intl.ListFormat('en-GB', { type: 'disjunction' })

export const app = new Hono<AppEnv>({ getPath: (request) => plainPath(getPath(request)) })

app.use(async (c, next) => {
  const startedAt = Date.now()
  const request = `req_${crypto.randomUUID().replaceAll('-', '')}`
  c.set('requestId', request)
  await next()
  c.header('X-Request-Id', request)
  // The pattern and not the path, which may hold a token.
  const route = routePath(c, -1)
  const milliseconds = Date.now() - startedAt
  const { method } = c.req
  writeLog({ event: 'request', request, method, route, status: c.res.status, milliseconds })
})

app.use(async (c, next) => {
  const learnedUrl = await learnedPublicUrl(c.env, c.req.raw)
  const ports = openPorts(c.env, c.executionCtx, learnedUrl)
  const request = c.get('requestId')
  c.set('ports', { ...ports, log: (record) => ports.log({ ...record, request }) })
  await next()
})

app.use(
  methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      const allowed = methods.toSorted()
      const message = `This path takes ${orList.format(allowed)}, not ${c.req.method}.`
      const headers = { Allow: allowed.join(', ') }
      return errorResponse(c, new ApiError('method_not_allowed', message, { headers }))
    },
  }),
)

mountOperations(app)
mountMcp(app)

app.notFound((c) => errorResponse(c, nothingHere()))

app.onError((error, c) => {
  if (error instanceof ApiError) return errorResponse(c, error)
  if (error instanceof SettingsError)
    return errorResponse(c, new ApiError('misconfigured', error.message))
  writeLog({ event: 'request_failed', request: c.get('requestId'), reason: kindOf(error) })
  return errorResponse(
    c,
    new ApiError(
      'internal_error',
      'Something went wrong here. Retry a POST only with the same Idempotency-Key.',
    ),
  )
})

/** A client that puts an address together may have a slash too many, between the parts or at the end. */
export function plainPath(path: string): string {
  return path.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
}
