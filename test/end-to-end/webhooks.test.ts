/** Webhooks over real HTTP, to an endpoint that fails, redirects, hangs and recovers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Delivery, DeliveryList, Task } from '../../client/index.ts'
import { startWorld, type World } from './world.ts'

interface Message {
  path: string
  headers: Record<string, string>
  body: string
  at: number
}

let world: World
let receiver: Server
let origin: string
const messages: Message[] = []

beforeAll(async () => {
  world = await startWorld(0.5)
  receiver = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
}, 60_000)

afterAll(async () => {
  await world.stop()
  receiver.closeAllConnections()
  receiver.close()
})

async function receive(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const path = incoming.url ?? ''
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  )
  messages.push({ path, headers, body: Buffer.concat(chunks).toString(), at: Date.now() })
  const isFirst = receivedAt(path).length === 1
  if (path === '/recovers' && isFirst) outgoing.writeHead(500).end()
  else if (path === '/drops' && isFirst) incoming.socket.destroy()
  else if (path === '/redirects') outgoing.writeHead(307, { location: '/elsewhere' }).end()
  else if (path !== '/hangs') outgoing.writeHead(200).end('ok')
}

const receivedAt = (path: string) => messages.filter((message) => message.path === path)

async function call(path: string, body: object | null, token: string): Promise<unknown> {
  const response = await fetch(world.gateway.url + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return response.json()
}

async function makeTask(path: string): Promise<string> {
  const request = { prompt: 'A bell', provider: 'nanobananaapi.dev', callback_url: origin + path }
  return ((await call('/v1/tasks', request, world.key.key)) as Task).id
}

async function deliveryOf(id: string): Promise<Delivery | undefined> {
  const list = (await call(`/v1/tasks/${id}/deliveries`, null, world.key.key)) as DeliveryList
  return list.data[0]
}

describe.concurrent('a webhook', () => {
  it('is verified by the libraries that receivers use', async ({ expect }) => {
    const id = await makeTask('/ok')
    await expect.poll(() => receivedAt('/ok')).toHaveLength(1)
    const [message] = receivedAt('/ok')
    const { body = '', headers = {} } = message ?? {}
    new SvixWebhook(world.key.webhook_secret).verify(body, headers)
    const verified = new StandardWebhook(world.key.webhook_secret).verify(body, headers)
    expect(verified).toMatchObject({ type: 'task.succeeded', data: { id } })
  })

  it.for(['/recovers', '/drops'])(
    'at %s arrives five seconds later, as the same message',
    async (path, { expect }) => {
      const id = await makeTask(path)
      await expect.poll(() => receivedAt(path), { timeout: 30_000 }).toHaveLength(2)
      const [first, second] = receivedAt(path)
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
      const waitMs = (second?.at ?? 0) - (first?.at ?? 0)
      expect(waitMs).toBeGreaterThanOrEqual(5_000)
      expect(waitMs).toBeLessThan(30_000)
      const delivered = { status: 'delivered', tries: 2, error: null }
      await expect.poll(() => deliveryOf(id)).toMatchObject(delivered)
    },
  )

  it('does not follow a redirect', async ({ expect }) => {
    const id = await makeTask('/redirects')
    const failed = { status: 'pending', response_status: 307, error: 'HTTP 307' }
    await expect.poll(() => deliveryOf(id)).toMatchObject(failed)
    expect(receivedAt('/elsewhere')).toEqual([])
  })

  it('gives an endpoint that hangs fifteen seconds', async ({ expect }) => {
    const id = await makeTask('/hangs')
    const failed = { status: 'pending', response_status: null, error: 'no answer within 15 s' }
    await expect.poll(() => deliveryOf(id), { timeout: 30_000 }).toMatchObject(failed)
  })
})
