/** `npm run dev` as a newcomer uses it: taken ports, a hard kill, a restart, a fresh start. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Imagegate } from '../../client/index.ts'
import { freePort } from '../../local/ports.ts'

const SCRIPT = join(import.meta.dirname, '../../local/dev.ts')

let folder: string
let ports: { PORT: string; SANDBOX_PORT: string }
const running = new Set<ChildProcess>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imagegate-dev-'))
  ports = { PORT: String(await freePort(0)), SANDBOX_PORT: String(await freePort(0)) }
})

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

interface Dev {
  child: ChildProcess
  output(): string
}

function start(args: string[] = []): Dev {
  const environment = { ...process.env, ...ports }
  const child = spawn(process.execPath, [SCRIPT, ...args], { cwd: folder, env: environment })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk))
  return { child, output: () => output }
}

/** The values of the line that is to be pasted into another terminal. */
async function exported({ output }: Dev): Promise<Record<string, string>> {
  await expect.poll(output, { timeout: 30_000 }).toContain('WEBHOOK_SECRET=')
  const line = /export (.*)/.exec(output())?.[1] ?? ''
  return Object.fromEntries(line.split(' ').map((pair) => pair.split('=')))
}

async function end({ child }: Dev, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

const portsAreFree = async () =>
  [await freePort(Number(ports.PORT)), await freePort(Number(ports.SANDBOX_PORT))].every(
    (port) => port !== null,
  )

it('comes back after a hard kill as it was, and leaves nothing running meanwhile', async () => {
  const first = start()
  const before = await exported(first)
  expect(before).toMatchObject({
    GATEWAY: `http://127.0.0.1:${ports.PORT}`,
    KEY: expect.stringMatching(/^ig_/),
    WEBHOOK_SECRET: expect.stringMatching(/^whsec_/),
  })
  const client = new Imagegate({ baseUrl: before.GATEWAY ?? '', apiKey: before.KEY ?? '' })
  const { id } = await client.createAndWait({ prompt: 'A kite', provider: 'nanobananaapi.dev' })
  const tail = `…${id.slice(-6)}  `
  for (const news of ['accepted', 'submitted to nanobananaapi.dev:', 'picture stored', 'succeeded'])
    await expect.poll(first.output).toContain(tail + news)

  await end(first, 'SIGKILL')
  await expect.poll(portsAreFree).toBe(true)

  const second = start()
  expect(await exported(second)).toEqual(before)
  expect((await client.tasks.get(id)).status).toBe('succeeded')
  await end(second, 'SIGINT')
  await expect.poll(portsAreFree).toBe(true)

  const fresh = start(['--reset'])
  const after = await exported(fresh)
  expect(after.KEY).not.toBe(before.KEY)
  await end(fresh, 'SIGTERM')
})

it.each(['PORT', 'SANDBOX_PORT'] as const)('says so when %s is taken', async (variable) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(Number(ports[variable]), '127.0.0.1', resolve))
  const dev = start()
  const [code] = (await once(dev.child, 'exit')) as [number]
  other.close()
  expect(code).toBe(1)
  expect(dev.output()).toContain(`Port ${ports[variable]} is taken by another program.`)
  expect(dev.output()).toContain(`${variable}=`)
  expect(dev.output()).not.toMatch(/^\s+at /m)
})
