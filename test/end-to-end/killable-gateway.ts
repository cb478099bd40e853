/**
 * Starts the gateway in a process group of its own and kills all of it at once, the Workers
 * runtime included, so that nothing can be finished or flushed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const SCRIPT = join(import.meta.dirname, 'gateway-process.ts')

export class KillableGateway {
  url = ''
  adminToken = ''
  readonly #sandboxOrigin: string
  readonly #dataFolder: string
  #child: ChildProcess | null = null

  constructor(sandboxOrigin: string, dataFolder: string) {
    this.#sandboxOrigin = sandboxOrigin
    this.#dataFolder = dataFolder
  }

  /** Starts it, at the second time under the same address as before. */
  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port
    const child = spawn(process.execPath, [SCRIPT, this.#sandboxOrigin, this.#dataFolder, port], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const { url, adminToken } = JSON.parse(line) as { url: string; adminToken: string }
    if (this.url !== '' && url !== this.url) throw new Error(`It came back as ${url}.`)
    this.url = url
    this.adminToken = adminToken
  }

  /** SIGKILL to the whole group; resolves once it is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined) return
    this.#child = null
    const exited = once(child, 'exit')
    process.kill(-child.pid, 'SIGKILL')
    await exited
  }
}
