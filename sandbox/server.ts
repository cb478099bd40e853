/** The sandbox on a port of this machine: `node sandbox/server.ts [port] [file for its jobs]`. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { openJournal } from './journal.ts'
import { createSandbox, DroppedConnection, type Sandbox } from './sandbox.ts'

const CALLBACK_TIMEOUT_MS = 10_000
/** Beside the rest of the local data. */
export const JOBS_FILE = join('.wrangler', 'imagegate', 'sandbox-jobs.jsonl')
const SECONDS_MIN = 2
const SECONDS_SPREAD = 3

export interface SandboxServer {
  /** Such as `http://127.0.0.1:8788`. */
  origin: string
  close(): void
}

/** Seconds that a job takes, so that there is something to watch. */
export const someSeconds = () => SECONDS_MIN + Math.random() * SECONDS_SPREAD

/**
 * Starts the providers on a port of the loopback address; port 0 takes any free one.
 *
 * @param jobsFile where the jobs are kept, so that the next start knows them.
 */
export async function startSandbox(
  port: number,
  seconds: () => number = someSeconds,
  jobsFile?: string,
): Promise<SandboxServer> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // Not before the port is ours: who opens the jobs also makes the calls that they are owed.
  const sandbox = createSandbox({
    clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) },
    seconds,
    callBack: postCallback,
    ...(jobsFile === undefined ? {} : { journal: openJournal(jobsFile) }),
  })
  server.on('request', (request, response) => void serve(sandbox, request, response))
  const { port: taken } = server.address() as AddressInfo
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { origin: `http://127.0.0.1:${taken}`, close }
}

async function postCallback(url: string, body: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
  })
  await response.body?.cancel()
  return response.status
}

async function serve(
  sandbox: Sandbox,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await sandbox.fetch(await toRequest(incoming))
    const plain = Buffer.from(await response.arrayBuffer())
    const body = compress(plain, response.headers.get('content-encoding'))
    const headers = Object.fromEntries(response.headers)
    // A promised length that is not met ends in a broken connection, as on the real network.
    const promised = Number(headers['content-length'] ?? body.byteLength)
    if (!headers['transfer-encoding']) headers['content-length'] ??= String(body.byteLength)
    outgoing.writeHead(response.status, headers)
    if (body.byteLength < promised) outgoing.write(body, () => incoming.socket.destroy())
    else outgoing.end(body)
  } catch (error) {
    if (!(error instanceof DroppedConnection)) console.error(error)
    incoming.socket.destroy()
  }
}

function compress(body: Buffer, encoding: string | null): Buffer {
  if (encoding === 'gzip') return gzipSync(body)
  return encoding === 'br' ? brotliCompressSync(body) : body
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const url = `http://${incoming.headers.host}${incoming.url}`
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  const { method = 'GET' } = incoming
  return new Request(url, {
    method,
    headers,
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.concat(chunks) }),
  })
}

if (process.argv[1] === import.meta.filename) {
  const [port = '8788', jobsFile = JOBS_FILE] = process.argv.slice(2)
  const { origin } = await startSandbox(Number(port), someSeconds, jobsFile).catch((error) =>
    giveUp(error, port),
  )
  console.log(`The providers are played at ${origin}/<provider>`)
}

function giveUp(error: NodeJS.ErrnoException, port: string): never {
  if (error.code !== 'EADDRINUSE') throw error
  console.error(`Port ${port} is taken; name another: npm run sandbox -- 8789`)
  process.exit(1)
}
