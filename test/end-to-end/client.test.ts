/** The client with a gateway over real HTTP: each of its methods once. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Imagegate, ImagegateError, type NewKey, TaskFailedError } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

let data: string
let sandbox: SandboxServer
let gateway: LocalGateway
let receiver: Server
let callbackUrl: string
let operator: Imagegate
let key: NewKey
let client: Imagegate

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imagegate-client-'))
  sandbox = await startSandbox(0, () => 0.5)
  gateway = await startGateway(sandbox.origin, data, 0)
  receiver = createServer((_, response) => void response.end('Thanks'))
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  key = await operator.keys.create({ name: 'client', rate_limit_per_minute: 100 })
  client = new Imagegate({ baseUrl: gateway.url, apiKey: key.key })
}, 60_000)

afterAll(async () => {
  await gateway.close()
  sandbox.close()
  receiver.closeAllConnections()
  receiver.close()
  await rm(data, { recursive: true, force: true })
})

it('makes a picture and waits for it', async () => {
  const metadata = { order: '1042' }
  const request = { prompt: 'A kite', callback_url: callbackUrl, metadata }
  const task = await client.createAndWait(request, { idempotencyKey: 'order-1042' })
  expect(task).toMatchObject({ status: 'succeeded', metadata })
  const again = await client.createAndWait(request, { idempotencyKey: 'order-1042' })
  expect(again.id).toBe(task.id)

  const picture = await (await client.tasks.output(task.id)).arrayBuffer()
  expect(picture.byteLength).toBe(task.outputs[0]?.bytes)
  const upload = await client.uploads.create(picture)
  expect(upload).toMatchObject({ content_type: 'image/png', sha256: task.outputs[0]?.sha256 })

  const { data: page } = await client.tasks.list({ metadata, limit: 5 })
  expect(page.map(({ id }) => id)).toEqual([task.id])
  const [delivery] = await client.tasks.deliveries(task.id)
  expect(delivery).toMatchObject({ event: 'task.succeeded' })
  expect(await client.tasks.redeliver(task.id, delivery?.id ?? '')).toMatchObject({ tries: 0 })
  expect(await client.usage.list()).toMatchObject([{ provider: task.provider, images: 1 }])

  await client.tasks.delete(task.id)
  const gone = await client.tasks.get(task.id).catch((error: unknown) => error)
  expect(gone).toBeInstanceOf(ImagegateError)
  expect(gone).toMatchObject({ code: 'task_not_found', status: 404 })
})

it('follows a task by its events', async () => {
  const { id } = await client.tasks.create({ prompt: 'A river', provider: 'gptimage2.ai' })
  const seen: string[] = []
  for await (const { status } of client.tasks.events(id)) seen.push(status)
  expect(seen.at(-1)).toBe('succeeded')
  expect(seen.length).toBeGreaterThan(1)
  expect((await client.tasks.wait(id)).completed_at).not.toBeNull()
  const late = await client.tasks.cancel(id).catch((error: unknown) => error)
  expect(late).toMatchObject({ code: 'task_not_cancelable', status: 409 })
})

it('throws the task that failed', async () => {
  const request = { prompt: 'A sin [[submit=moderated]]', provider: 'gptimage2.ai' } as const
  const error = await client.createAndWait(request).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TaskFailedError)
  expect(error).toMatchObject({ code: 'content_refused', task: { status: 'failed' } })
})

it('asks who can, and for how much', async () => {
  const quotes = await client.quotes.create({ prompt: 'x', n: 2 })
  expect(quotes[0]).toMatchObject({ provider: 'aivideoapi.ai', eligible: true, usd: 0.047 })
  expect(await client.providers.list()).toHaveLength(4)
  expect(await client.models.list()).toContainEqual(
    expect.objectContaining({ id: 'nano-banana-2' }),
  )
  expect(await client.webhooks.test(callbackUrl)).toMatchObject({ delivered: true })
})

it("keeps the operator's keys", async () => {
  const { id } = await operator.keys.create({ name: 'short-lived' })
  const rotated = await operator.keys.rotate(id, { grace_seconds: 0 })
  expect(rotated.key).toMatch(/^ig_/)
  expect((await operator.keys.rotateWebhookSecret(id)).webhook_secret).toMatch(/^whsec_/)
  await operator.keys.delete(id)
  expect((await operator.keys.list()).map((listed) => listed.id)).toEqual([key.id])
  const refused = await client.keys.list().catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'not_allowed', status: 403 })
})

it('does what the README says', async () => {
  const readme = await readFile('README.md', 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const file = join(data, 'example.ts')
  await writeFile(file, example.replace('./client/', `${process.cwd()}/client/`))
  const { stdout } = await promisify(execFile)(process.execPath, [file], {
    env: { ...process.env, GATEWAY: gateway.url, KEY: key.key },
  })
  expect(stdout).toMatch(/^http\S+\/outputs\/0\?\S+ 0\.0235$/m)
})
