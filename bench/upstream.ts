/**
 * The outside world of a measured gateway: the sandbox as its providers, on a port of this machine,
 * and a place where webhooks go. It notes what it is asked.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ShownJob } from '../sandbox/inspect.ts'
import { createSandbox, DroppedConnection } from '../sandbox/sandbox.ts'

const WEBHOOK_PATH = '/_bench/webhook'
/** Longer than any row: a connection closed while a request is on its way would fail a task. */
const KEEP_ALIVE_MS = 15 * 60_000
const PICTURE_PATH = /\/files\/[^/]+\/\d+\.png$/

export interface Options {
  /** What every picture is; otherwise the sandbox draws it. */
  picture?: Uint8Array
  /** Of pictures: whether it says how long they are. */
  saysLength?: boolean
  /** How long every answer takes. */
  latencyMs?: number
  /** Seconds that a job takes unless its prompt says otherwise. */
  seconds?: number
}

export interface Upstream {
  origin: string
  webhookUrl: string
  /** How many requests a provider got, without those for pictures. */
  requestsTo(provider: string): number
  jobs(): Promise<ShownJob[]>
  /** A provider answers nothing until it is released. */
  hang(provider: string): { release(): void }
  /** Holds the last byte of every picture back. */
  holdPictures(): { waiting(): number; release(): void }
  close(): void
}

export async function startUpstream(options: Options = {}): Promise<Upstream> {
  const { picture, saysLength = true, latencyMs = 0, seconds = 1 } = options
  const sandbox = createSandbox({
    clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) },
    seconds: () => seconds,
    callBack: postCallback,
    ...(picture ? { draw: () => picture } : {}),
  })
  const requests = new Map<string, number>()
  const hanging = new Map<string, Promise<void>>()
  let hold: { waiting: number; released: Promise<void> } | null = null

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '').split('?')[0] ?? ''
    const request = await toRequest(incoming)
    if (latencyMs > 0) await sleep(latencyMs)
    if (path === WEBHOOK_PATH) {
      outgoing.writeHead(204).end()
      return
    }
    const isPicture = PICTURE_PATH.test(path)
    const provider = path.split('/')[1] ?? ''
    if (!isPicture) requests.set(provider, (requests.get(provider) ?? 0) + 1)
    await hanging.get(provider)
    const response = await sandbox.fetch(request)
    const body = Buffer.from(await response.arrayBuffer())
    const headers = new Headers(response.headers)
    if (isPicture && !saysLength) headers.delete('content-length')
    outgoing.writeHead(response.status, Object.fromEntries(headers))
    if (isPicture && hold) {
      outgoing.write(body.subarray(0, -1))
      hold.waiting++
      await hold.released
      outgoing.end(body.subarray(-1))
    } else outgoing.end(body)
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      if (!(error instanceof DroppedConnection)) console.error(error)
      incoming.socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    webhookUrl: origin + WEBHOOK_PATH,
    requestsTo: (provider) => requests.get(provider) ?? 0,
    jobs: async () => (await sandbox.fetch(new Request(`${origin}/_sandbox/jobs`))).json(),
    hang: (provider) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      hanging.set(provider, promise)
      const release = () => {
        hanging.delete(provider)
        resolve()
      }
      return { release }
    },
    holdPictures: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const held = { waiting: 0, released: promise }
      hold = held
      const release = () => {
        hold = null
        resolve()
      }
      return { waiting: () => held.waiting, release }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function postCallback(url: string, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body })
  await response.body?.cancel()
  return response.status
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { method = 'GET', url, headers } = incoming
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.concat(chunks) }
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  return new Request(`http://${headers.host}${url}`, { method, headers: pairs, ...body })
}
