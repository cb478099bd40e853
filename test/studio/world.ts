/** The page as a person meets it: the gateway and the sandbox over HTTP, and Debian's Chromium. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { Imagegate, type Task } from '../../client/index.ts'
import { launchChromium } from '../../local/chromium.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

/** What a page of this machine may take at most for one step. */
const STEP_MS = 20_000

/** One gateway, one sandbox and one browser for a test file. */
export class World {
  gateway!: LocalGateway
  /** A client key and the clients of it and of the operator. */
  key!: string
  client!: Imagegate
  operator!: Imagegate
  /** Console errors, uncaught errors and violations of the content security policy so far. */
  readonly #complaints: string[] = []
  #data!: string
  #sandbox!: SandboxServer
  #browser!: Browser

  async start(secondsOfAPicture: number): Promise<void> {
    this.#data = await mkdtemp(join(tmpdir(), 'imagegate-studio-'))
    this.#sandbox = await startSandbox(0, () => secondsOfAPicture)
    this.gateway = await startGateway(this.#sandbox.origin, this.#data, 0)
    this.#browser = await launchChromium()
    const { url, adminToken } = this.gateway
    this.operator = new Imagegate({ baseUrl: url, apiKey: adminToken })
    this.key = (await this.operator.keys.create({ name: 'Studio' })).key
    this.client = new Imagegate({ baseUrl: url, apiKey: this.key })
  }

  async stop(): Promise<void> {
    await this.#browser.close()
    await this.gateway.close()
    this.#sandbox.close()
    await rm(this.#data, { recursive: true, force: true })
  }

  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const viewport = { width: 1280, height: 860 }
    const context = await this.#browser.newContext({ viewport, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(STEP_MS)
    page.on('pageerror', (error) => this.#complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(message.text())
    })
    await page.goto(this.gateway.url + path)
    return page
  }

  /** The page with a client key in its address. */
  openStudio(options: BrowserContextOptions = {}): Promise<Page> {
    return this.open(`/#key=${this.key}`, options)
  }

  openOperator(options: BrowserContextOptions = {}): Promise<Page> {
    return this.open(`/?view=operator#key=${this.gateway.adminToken}`, options)
  }

  /** What the page complained of since it was asked last; a good page of nothing. */
  takeComplaints(): string[] {
    return this.#complaints.splice(0)
  }
}

/** @param secondsOfAPicture that the sandbox takes for one */
export function startWorld(secondsOfAPicture: number): World {
  const world = new World()
  beforeAll(() => world.start(secondsOfAPicture), 90_000)
  afterAll(() => world.stop())
  return world
}

export const card = (page: Page, title: string) => page.getByRole('article', { name: title })

/** Makes tasks and waits until all are over. */
export async function makeTasks(
  client: Imagegate,
  requests: ReadonlyArray<Parameters<Imagegate['tasks']['create']>[0]>,
): Promise<Task[]> {
  const AT_ONCE = 30
  const waiting = [...requests.entries()]
  const made: Task[] = []
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [position, request] = next
      const { id } = await client.tasks.create(request)
      made[position] = await client.tasks.wait(id)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return made
}
