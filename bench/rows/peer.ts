/**
 * Beside a gateway that passes answers through: @portkey-ai/gateway with the same picture as base64
 * from an upstream of this machine. It does less (nothing is stored, nobody is told, a lost
 * connection is a lost picture) and answers in one request; both are shown.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { anyPort } from '../../local/ports.ts'
import { withGateway } from '../gateway.ts'
import { noisePicture } from '../picture.ts'
import { cpuMs } from '../process.ts'
import { type Figure, type Row, timed } from '../row.ts'
import { median } from '../statistics.ts'
import { SYNCHRONOUS_PROVIDER } from '../task-costs.ts'

const PACKAGE = '@portkey-ai/gateway'
const VERSION = '1.15.2'
const SCRIPT = `node_modules/${PACKAGE}/build/start-server.js`
/** As base64 it is 3 MB. */
const PICTURE_BYTES = 2.25 * 1_000_000
const ROUNDS = 3
const ROUND_MS = 4_000
const AT_ONCE = 8
const START_MS_MAX = 20_000

interface Round {
  perSecond: number
  cpuMsEach: number
}

export const peer: Row = {
  name: 'peer',
  title: `a picture of 3 MB in base64 through ${PACKAGE} ${VERSION}, and made, stored and told here`,
  kind: 'time',
  measure: async ({ say }) => {
    if (!existsSync(SCRIPT)) {
      say(`it is not installed; npm install --no-save ${PACKAGE}@${VERSION} adds it`)
      return []
    }
    const picture = noisePicture(PICTURE_BYTES)
    const upstream = await startImages(picture)
    const other = await startPeer()
    try {
      return await compare(picture, upstream.url, other, say)
    } finally {
      other.process.kill()
      upstream.close()
    }
  },
}

function compare(
  picture: Uint8Array,
  upstreamUrl: string,
  other: { url: string; process: ChildProcess },
  say: (progress: string) => void,
): Promise<Figure[]> {
  return withGateway(
    { entry: 'src/index.ts', upstream: { picture, seconds: 0 } },
    async (gateway) => {
      const ownRequest = () =>
        fetch(`${gateway.url}/v1/tasks`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${gateway.key}`,
            'content-type': 'application/json',
            prefer: 'wait=60',
          },
          body: JSON.stringify({ prompt: 'A lighthouse', provider: SYNCHRONOUS_PROVIDER }),
        })
      const otherRequest = () =>
        fetch(`${other.url}/v1/images/generations`, {
          method: 'POST',
          headers: {
            authorization: 'Bearer sk-any',
            'content-type': 'application/json',
            'x-portkey-provider': 'openai',
            'x-portkey-custom-host': upstreamUrl,
          },
          body: JSON.stringify({ model: 'gpt-image-2', prompt: 'A lighthouse' }),
        })
      await round(ownRequest, gateway.processId)
      await round(otherRequest, other.process.pid ?? 0)
      const own: Round[] = []
      const others: Round[] = []
      for (let number = 1; number <= ROUNDS; number++) {
        own.push(await round(ownRequest, gateway.processId))
        others.push(await round(otherRequest, other.process.pid ?? 0))
        say(`round ${number} is over`)
      }
      const multiple = (of: (round: Round) => number) =>
        median(own.map((round, number) => of(round) / of(others[number] ?? round)))
      return [
        timed(
          'requests a second, as a share of its',
          multiple((r) => r.perSecond),
          '',
          null,
        ),
        timed(
          'CPU a request, as a multiple of its',
          multiple((r) => r.cpuMsEach),
          '',
          null,
        ),
      ]
    },
  )
}

async function round(request: () => Promise<Response>, processId: number): Promise<Round> {
  const cpuBefore = cpuMs(processId)
  const startedAt = performance.now()
  let requests = 0
  const send = async () => {
    while (performance.now() - startedAt < ROUND_MS) {
      const response = await request()
      if (response.status !== 200) throw new Error(`${response.url} ${await response.text()}`)
      await response.arrayBuffer()
      requests++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, send))
  const seconds = (performance.now() - startedAt) / 1000
  return { perSecond: requests / seconds, cpuMsEach: (cpuMs(processId) - cpuBefore) / requests }
}

/** Answers as OpenAI's Images API does. */
async function startImages(picture: Uint8Array): Promise<{ url: string; close(): void }> {
  const b64_json = Buffer.from(picture).toString('base64')
  const body = JSON.stringify({ created: 0, data: [{ b64_json }] })
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${port}/v1`, close }
}

async function startPeer(): Promise<{ url: string; process: ChildProcess }> {
  const port = await anyPort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [SCRIPT, '--headless', `--port=${port}`], {
    stdio: 'ignore',
  })
  for (const startedAt = Date.now(); Date.now() - startedAt < START_MS_MAX; ) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    )
    if (isUp) return { url, process: child }
    await sleep(100)
  }
  child.kill()
  throw new Error(`${PACKAGE} did not start.`)
}
