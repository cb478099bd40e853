/**
 * `fetch` out of the gateway, with everything that a network does to a call.
 *
 * Like the real one it follows redirects unless told not to, and keeps to an abort signal until
 * the last byte of the body.
 */
import type { Fault, Port } from '../world/faults'
import { connectionLost, currentInvocation, type Invocation, never } from '../world/invocation'
import { RECEIVER_HOST } from '../world/receiver'
import { currentWorld } from '../world/world'

const DELAY_MIN_MS = 1_000
const DELAY_MAX_MS = 90_000
/** A lookup that takes longer is given up, as one that hangs is. */
const LOOKUP_DELAY_MAX_MS = 18_000
const REDIRECTS_MAX = 20

export async function fetchThroughGate(address: string, init: RequestInit = {}): Promise<Response> {
  const invocation = currentInvocation()
  const answer = exchange(invocation, address, init)
  const response = await abortable(answer, init.signal)
  return invocation.isDead ? never() : response
}

async function exchange(
  invocation: Invocation,
  address: string,
  init: RequestInit,
): Promise<Response> {
  const { stage } = invocation
  const { method = 'GET' } = init
  const port = portOf(method, address)
  const fault = await invocation.begin(port, `${method} ${address}`)
  if (fault === 'mute') return never()
  if (fault === 'error-before') throw connectionLost(port)
  if (init.signal?.aborted) throw init.signal.reason

  const sent = follow(address, init)
  if (fault === 'crash-after') invocation.crash()
  const response = await sent
  if (fault === 'hang') return never()
  if (fault === 'error-after') throw connectionLost(port)
  await (fault === 'delay'
    ? stage.clock.sleep(stage.latency.integer(DELAY_MIN_MS, delayMaxMs(port)))
    : invocation.pause(0, 8))
  stage.note(`${address} answered ${response.status}`)
  return spoiled(response, fault, init.signal)
}

function delayMaxMs(port: Port): number {
  return port === 'look-up' ? LOOKUP_DELAY_MAX_MS : DELAY_MAX_MS
}

function portOf(method: string, address: string): Port {
  if (new URL(address).hostname === RECEIVER_HOST) return 'webhook'
  if (method !== 'GET') return 'submit'
  return address.includes('/files/') ? 'download' : 'look-up'
}

async function follow(
  address: string,
  { method, headers, body, redirect }: RequestInit,
): Promise<Response> {
  let current = address
  for (let hops = 0; hops < REDIRECTS_MAX; hops++) {
    const sent = new Request(current, {
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    })
    const response = await currentWorld().outside.answer(sent)
    const location = response.headers.get('location')
    if (redirect === 'manual' || location === null) return response
    current = new URL(location, current).href
  }
  throw new TypeError('Too many redirects.')
}

/** With a body that breaks off half-way, or stands still there until the signal ends it. */
async function spoiled(
  response: Response,
  fault: Fault | null,
  signal: AbortSignal | null | undefined,
): Promise<Response> {
  if (!response.body) return response
  const { status, headers } = response
  if (fault !== 'broken' && fault !== 'stalled') {
    // A byte stream of Node fails when it ends while a larger read waits for it; others don't.
    const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>())
    return new Response(body, { status, headers })
  }
  const bytes = new Uint8Array(await response.arrayBuffer())
  const half = bytes.slice(0, bytes.byteLength >> 1)
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(half),
    pull: async () => {
      if (fault === 'broken') throw connectionLost('download')
      await abortable(never(), signal)
    },
  })
  return new Response(body, { status, headers })
}

/** Ends with the signal's reason if that comes first. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    work.then(resolve, reject)
  })
}
