/**
 * The clients' webhook endpoints, on Node's side. The first part of the path says how one behaves;
 * the rest is the test's own, so that it finds its messages again.
 */

export interface ReceivedWebhook {
  path: string
  headers: Record<string, string>
  body: string
}

/** How many failures `/recovers/` shows before it answers. */
const FAILURES_BEFORE_RECOVERY = 2
const HANG_MS = 60_000

export interface Receiver {
  receive(request: Request): Promise<Response>
}

/** @param sleep passes time for the endpoint that hangs */
export function createReceiver(sleep: (milliseconds: number) => Promise<unknown>): Receiver {
  const received: ReceivedWebhook[] = []
  return {
    async receive(request) {
      const { pathname, searchParams } = new URL(request.url)
      if (request.method === 'GET') {
        const wanted = searchParams.get('path')
        return Response.json(received.filter(({ path }) => path === wanted))
      }
      const headers = Object.fromEntries(request.headers)
      received.push({ path: pathname, headers, body: await request.text() })
      const earlier = received.filter(({ path }) => path === pathname).length - 1
      switch (pathname.split('/')[1]) {
        case 'fails':
          return new Response('No', { status: 500 })
        case 'gone':
          return new Response('Gone', { status: 410 })
        case 'busy':
          return new Response('Later', { status: 503, headers: { 'retry-after': '7200' } })
        case 'redirects':
          return Response.redirect('https://client.example.com/ok/elsewhere', 302)
        case 'hangs':
          await sleep(HANG_MS)
          return new Response('Too late')
        case 'recovers':
          return new Response(null, { status: earlier < FAILURES_BEFORE_RECOVERY ? 502 : 204 })
        default:
          return new Response('Thanks')
      }
    },
  }
}
