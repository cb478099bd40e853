/** Middleware order, mounts, and the two places where a request can fall through. */
import { Hono } from 'hono'
import { routePath } from 'hono/route'
import { kindOf, writeLog } from './flow/log'
import { callbacks } from './handlers/callbacks'
import { models, providers } from './handlers/catalogue'
import type { AppEnv } from './handlers/context'
import { deliveries, webhooks } from './handlers/deliveries'
import { ApiError, errorResponse } from './handlers/errors'
import { events } from './handlers/events'
import { keys } from './handlers/keys'
import { outputs } from './handlers/outputs'
import { quotes } from './handlers/quotes'
import { reference } from './handlers/reference'
import { allowedMethods } from './handlers/routes'
import { tasks } from './handlers/tasks'
import { uploads } from './handlers/uploads'
import { usage } from './handlers/usage'
import { openPorts } from './platform'
import { SettingsError } from './settings'

export const app = new Hono<AppEnv>()

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
  const ports = openPorts(c.env, c.executionCtx)
  const request = c.get('requestId')
  c.set('ports', { ...ports, log: (record) => ports.log({ ...record, request }) })
  await next()
})

app.get('/healthz', (c) => c.json({ status: 'ok' }))
app.route('/v1/tasks', tasks)
app.route('/v1/tasks', outputs)
app.route('/v1/tasks', events)
app.route('/v1/tasks', deliveries)
app.route('/v1/webhooks', webhooks)
app.route('/v1/uploads', uploads)
app.route('/v1/usage', usage)
app.route('/v1/keys', keys)
app.route('/v1/quotes', quotes)
app.route('/v1/providers', providers)
app.route('/v1/models', models)
app.route('/callbacks', callbacks)
app.route('/', reference)

app.notFound((c) => {
  const allowed = allowedMethods(app.routes, c.req.path)
  if (allowed.length === 0)
    return errorResponse(c, new ApiError('not_found', 'There is nothing at this path.'))
  const message = `${c.req.method} is not possible here; ${allowed.join(', ')} is.`
  return errorResponse(
    c,
    new ApiError('method_not_allowed', message, { headers: { Allow: allowed.join(', ') } }),
  )
})

app.onError((error, c) => {
  if (error instanceof ApiError) return errorResponse(c, error)
  if (error instanceof SettingsError)
    return errorResponse(c, new ApiError('misconfigured', error.message))
  writeLog({ event: 'request_failed', request: c.get('requestId'), reason: kindOf(error) })
  return errorResponse(
    c,
    new ApiError(
      'internal_error',
      'Something went wrong here. Repeat a POST only with the same Idempotency-Key.',
    ),
  )
})
