/**
 * A stand-in for the part of Cloudflare's API that wrangler and the deployment scripts use, on loopback.
 *
 * `CLOUDFLARE_API_BASE_URL` points wrangler at it. Requests to `….workers.dev` reach the deployed Worker
 * through it as well, see `workers-dev.ts`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CloudflareAccount } from './cloudflare-account.ts'
import { ApiError, type Call, type Route } from './cloudflare-call.ts'
import { ROUTES } from './cloudflare-routes.ts'

export interface Rules {
  /** Names under workers.dev that somebody else has. */
  takenSubdomains: string[]
  /** Paths that the token may not use. */
  forbidden: RegExp | null
}

export interface StandIn {
  origin: string
  /** Method and path of every call, in order. */
  calls: string[]
  /** Calls that no route answers: what the stand-in does not know yet. */
  unknown: string[]
  close(): Promise<void>
}

export async function startStandIn(account: CloudflareAccount, rules: Rules): Promise<StandIn> {
  const calls: string[] = []
  const unknown: string[] = []
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await toRequest(incoming)
    const publicUrl = request.headers.get('x-public-url') ?? workersUrl(request.url)
    const response = publicUrl
      ? await account.fetchWorker(new Request(publicUrl, request))
      : await answer(request)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    calls.push(`${request.method} ${pathname}`)
    try {
      const result = await resultOf(request, pathname)
      return Response.json({ success: true, errors: [], messages: [], result })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const { status, code, message } = error
      const errors = [{ code, message }]
      return Response.json({ success: false, errors, messages: [], result: null }, { status })
    }
  }

  function resultOf(request: Request, pathname: string): unknown {
    if (rules.forbidden?.test(pathname)) throw new ApiError(403, 10000, 'Authentication error')
    for (const [method, pattern, handle] of ROUTES) {
      const match = method === request.method ? pattern.exec(pathname) : null
      if (match) return guard(handle, { account, body: request, part: match[1] ?? '' })
    }
    unknown.push(`${request.method} ${pathname}`)
    throw new ApiError(404, 7003, `Could not route to ${pathname}`)
  }

  async function guard(handle: Route[2], call: Call): Promise<unknown> {
    if (call.body.method === 'PUT' && call.body.url.endsWith('/workers/subdomain')) {
      const { subdomain } = (await call.body.clone().json()) as { subdomain: string }
      if (rules.takenSubdomains.includes(subdomain))
        throw new ApiError(409, 10031, 'Subdomain is unavailable')
    }
    return handle(call)
  }

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    unknown,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await account.close()
    },
  }
}

/** For tools that have no stand-in for DNS: the API has no such paths, so they are meant for the Worker. */
function workersUrl(url: string): string | null {
  const { pathname, search } = new URL(url)
  return /^\/(v1|healthz)/.test(pathname) ? `https://worker.example${pathname}${search}` : null
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { method = 'GET', url, headers } = incoming
  const hasBody = method !== 'GET' && method !== 'HEAD' && chunks.length > 0
  return new Request(`http://stand-in${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]),
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
  })
}
