/**
 * `POST /mcp`: the Model Context Protocol over streamable HTTP, stateless. The tools do what `/v1`
 * does, with the same keys, limits and promises.
 *
 * It is no operation of the reference: the protocol describes itself to its clients. Its SDK is loaded
 * when it is first asked for, so that no other request starts more slowly for it.
 */
import type { Hono } from 'hono'
import { authenticate } from '../auth'
import type { AppContext, AppEnv } from '../context'
import { NOT_KEPT } from '../endpoint/answer'
import { refuseCompressed } from '../endpoint/compression'
import { errorResponse } from '../error-response'
import { ApiError } from '../errors'

export function mountMcp(app: Hono<AppEnv>): void {
  app.post('/mcp', respond)
}

async function respond(c: AppContext): Promise<Response> {
  const ports = c.get('ports')
  const origin = c.req.header('Origin')
  // A page of another site must not speak for a key that a browser may hold.
  if (origin !== undefined && origin !== ports.settings.publicUrl)
    return errorResponse(c, new ApiError('not_allowed', 'Pages of other sites may not call this.'))
  const client = await authenticate(c, 'client')
  refuseCompressed(c.req.raw)
  const { serveMcp } = await import('./server')
  const served = await serveMcp(ports, client, c.req.raw)
  const response = new Response(served.body, served)
  if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', NOT_KEPT)
  return response
}
