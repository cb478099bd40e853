/** A provider whose every answer and picture comes as `deflate`, which the runtime does not undo by itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Imagegate } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

let folder: string
let sandbox: SandboxServer
let deflating: Server
let gateway: LocalGateway

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imagegate-test-'))
  sandbox = await startSandbox(0, () => 0.5)
  deflating = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const body = Buffer.concat(await request.toArray())
    const answer = await fetch(sandbox.origin + url, {
      method,
      headers: {
        authorization: headers.authorization ?? '',
        'content-type': headers['content-type'] ?? '',
      },
      ...(body.byteLength > 0 ? { body } : {}),
    })
    // The addresses of pictures lead here as well.
    const own = `http://${headers.host}`
    const type = answer.headers.get('content-type') ?? ''
    const bytes = Buffer.from(await answer.arrayBuffer())
    const sent = type.includes('json')
      ? Buffer.from(bytes.toString().replaceAll(sandbox.origin, own))
      : bytes
    response.writeHead(answer.status, { 'content-type': type, 'content-encoding': 'deflate' })
    response.end(deflateSync(sent))
  })
  await new Promise<void>((resolve) => deflating.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(deflating.address() as AddressInfo).port}`
  gateway = await startGateway(origin, join(folder, 'gateway'), 0)
}, 60_000)

afterAll(async () => {
  await gateway.close()
  deflating.closeAllConnections()
  deflating.close()
  sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

it.each(['gptimage2.ai', 'nanobananaapi.dev'] as const)(
  'costs no picture at %s',
  async (provider) => {
    const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
    const { key } = await operator.keys.create({ name: 'test' })
    const client = new Imagegate({ baseUrl: gateway.url, apiKey: key })
    const task = await client.createAndWait({ prompt: 'A kite', provider, deadline_seconds: 30 })
    expect(task).toMatchObject({ status: 'succeeded', cost: { charged: 'yes' } })
  },
)
