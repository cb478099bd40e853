/** The client with a gateway over real HTTP: each of its methods once, and as the package that others install. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ImagegateError, TaskFailedError } from '../../client/index.ts'
import { launchChromium } from '../../local/chromium.ts'
import { PROVIDER_IDS } from '../../src/core/request.ts'
import { snippetOf } from '../../studio/code/snippets.ts'
import {
  bundleForBrowsers,
  compile,
  installPackedClient,
  nodesOfThisMachine,
  type Packed,
  sampleIn,
} from './packed-client.ts'
import { startWorld, type World } from './world.ts'

/** What somebody's page might hold. */
const PAGE = `import { Imagegate, ImagegateError } from 'imagegate-client'

export async function make(baseUrl: string, apiKey: string): Promise<string> {
  const imagegate = new Imagegate({ baseUrl, apiKey, triesMax: 1 })
  try {
    return (await imagegate.createAndWait({ prompt: 'A kite', aspect_ratio: '4:3' })).status
  } catch (error) {
    return error instanceof ImagegateError ? error.code : String(error)
  }
}

// @ts-expect-error There is no such field.
export const misspelt = (imagegate: Imagegate) => imagegate.tasks.create({ promt: 'A kite' })
`
const nodes = await nodesOfThisMachine()

let world: World
let receiver: Server
let callbackUrl: string

beforeAll(async () => {
  world = await startWorld(0.5)
  receiver = createServer((_, response) => void response.end('Thanks'))
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
}, 60_000)

afterAll(async () => {
  await world.stop()
  receiver.closeAllConnections()
  receiver.close()
})

it('makes a picture and waits for it', async () => {
  const metadata = { order: '1042' }
  const request = { prompt: 'A kite', callback_url: callbackUrl, metadata }
  const task = await world.client.createAndWait(request, { idempotencyKey: 'order-1042' })
  expect(task).toMatchObject({ status: 'succeeded', metadata })
  const again = await world.client.createAndWait(request, { idempotencyKey: 'order-1042' })
  expect(again.id).toBe(task.id)

  const picture = await (await world.client.tasks.output(task.id)).arrayBuffer()
  expect(picture.byteLength).toBe(task.outputs[0]?.bytes)
  const upload = await world.client.uploads.create(picture)
  expect(upload).toMatchObject({ content_type: 'image/png', sha256: task.outputs[0]?.sha256 })

  const { data: page } = await world.client.tasks.list({ metadata, limit: 5 })
  expect(page.map(({ id }) => id)).toEqual([task.id])
  const [delivery] = await world.client.tasks.deliveries(task.id)
  expect(delivery).toMatchObject({ event: 'task.succeeded' })
  expect(await world.client.tasks.redeliver(task.id, delivery?.id ?? '')).toMatchObject({
    tries: 0,
  })
  expect(await world.client.usage.list()).toMatchObject([{ provider: task.provider, images: 1 }])

  await world.client.tasks.delete(task.id)
  const gone = await world.client.tasks.get(task.id).catch((error: unknown) => error)
  expect(gone).toBeInstanceOf(ImagegateError)
  expect(gone).toMatchObject({ code: 'task_not_found', status: 404 })
})

it('follows a task by its events', async () => {
  const { id } = await world.client.tasks.create({ prompt: 'A river', provider: 'gptimage2.ai' })
  const seen: string[] = []
  for await (const { status } of world.client.tasks.events(id)) seen.push(status)
  expect(seen.at(-1)).toBe('succeeded')
  expect(seen.length).toBeGreaterThan(1)
  expect((await world.client.tasks.wait(id)).completed_at).not.toBeNull()
  const late = await world.client.tasks.cancel(id).catch((error: unknown) => error)
  expect(late).toMatchObject({ code: 'task_not_cancelable', status: 409 })
})

it('throws the task that failed', async () => {
  const request = { prompt: 'A sin [[submit=moderated]]', provider: 'gptimage2.ai' } as const
  const error = await world.client.createAndWait(request).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TaskFailedError)
  expect(error).toMatchObject({ code: 'content_refused', task: { status: 'failed' } })
})

it('asks who can, and for how much', async () => {
  const quotes = await world.client.quotes.create({ prompt: 'x', n: 2 })
  expect(quotes[0]).toMatchObject({ provider: 'aivideoapi.ai', eligible: true, usd: 0.047 })
  expect((await world.client.providers.list()).map(({ id }) => id)).toEqual(PROVIDER_IDS)
  expect(await world.client.models.list()).toContainEqual(
    expect.objectContaining({ id: 'nano-banana-2' }),
  )
  expect(await world.client.webhooks.test(callbackUrl)).toMatchObject({ delivered: true })
})

it("keeps the operator's keys", async () => {
  const { id } = await world.operator.keys.create({ name: 'short-lived' })
  const rotated = await world.operator.keys.rotate(id, { grace_seconds: 0 })
  expect(rotated.key).toMatch(/^ig_/)
  expect((await world.operator.keys.rotateWebhookSecret(id)).webhook_secret).toMatch(/^whsec_/)
  await world.operator.keys.delete(id)
  expect((await world.operator.keys.list()).map((listed) => listed.id)).toEqual([world.key.id])
  const refused = await world.client.keys.list().catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'not_allowed', status: 403 })
})

describe('as a package', () => {
  let packed: Packed

  beforeAll(async () => {
    packed = await installPackedClient(join(world.folder, 'project'))
  }, 60_000)

  it('brings its types, its licence and what it says of itself, and needs nothing else', async () => {
    const others = packed.files.filter((path) => !/^dist\/\w+(\.js|\.d\.ts)$/.test(path))
    expect(others).toEqual(['LICENSE', 'README.md', 'package.json'])
    const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'))
    const { dependencies, version } = await read('client/package.json')
    expect(dependencies).toBeUndefined()
    expect(version).toBe((await read('package.json')).version)
    expect(await readFile('client/LICENSE', 'utf8')).toBe(await readFile('LICENSE', 'utf8'))
  })

  it('does what the READMEs say, on each Node of this machine', async () => {
    const sample = await sampleIn('client/README.md')
    expect(await sampleIn('README.md')).toBe(sample)
    await writeFile(join(packed.project, 'sample.ts'), sample)
    await compile(packed.project, 'sample.ts', 'es2022', 'node')
    const env = { ...process.env, GATEWAY: world.gateway.url, KEY: world.key.key }
    const outputs = nodes.map(([, node]) =>
      promisify(execFile)(node, [join(packed.project, 'sample.js')], { env }),
    )
    for (const { stdout } of await Promise.all(outputs))
      expect(stdout).toMatch(/^http\S+\/outputs\/0\?\S+ 0\.0235$/m)
  })

  it('is what the studio writes code for', async () => {
    const [task] = (await world.client.tasks.list({ limit: 1 })).data
    const code = task ? snippetOf('TypeScript', task, world.gateway.url) : 'no task'
    await writeFile(join(packed.project, 'snippet.ts'), code)
    await compile(packed.project, 'snippet.ts', 'es2022', 'node')
  })

  it('makes a picture in a page of the gateway, and in no other', async () => {
    await writeFile(join(packed.project, 'page.ts'), PAGE)
    await compile(packed.project, 'page.ts', 'es2022,dom', '')
    const script = await bundleForBrowsers(packed.project, 'page.js', 'page')
    const browser = await launchChromium()
    const make = async (origin: string) => {
      const page = await browser.newPage()
      await page.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
      await page.goto(`${origin}/empty`)
      return page.evaluate(`${script}; page.make('${world.gateway.url}', '${world.key.key}')`)
    }
    try {
      expect(await make(world.gateway.url)).toBe('succeeded')
      expect(await make(world.gateway.url.replace('127.0.0.1', 'localhost'))).toBe(
        'connection_failed',
      )
    } finally {
      await browser.close()
    }
  })
})
