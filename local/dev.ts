/**
 * `npm run dev`: the gateway and the sandbox for daily work, with a key that survives restarts.
 *
 * The Worker is rebuilt by starting again; its data, and the sandbox's jobs, stay in
 * `.wrangler/imagegate`.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Imagegate } from '../client/index.ts'
import { JOBS_FILE, someSeconds, startSandbox } from '../sandbox/server.ts'
import { startGateway } from './gateway.ts'

const DATA_FOLDER = join('.wrangler', 'imagegate')
const SANDBOX_PORT = 8788

const sandbox = await startSandbox(SANDBOX_PORT, someSeconds, JOBS_FILE).catch(() =>
  startSandbox(0, someSeconds, JOBS_FILE),
)
const gateway = await startGateway(sandbox.origin, DATA_FOLDER)
const key = await devKey()

console.log(`The gateway listens at ${gateway.url}, the sandbox at ${sandbox.origin}/<provider>.
For another terminal:

  export GATEWAY=${gateway.url} KEY=${key} ADMIN_TOKEN=${gateway.adminToken}

Ctrl-C ends it.`)

process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())

/** The key of the last start, while the gateway still knows it, else a new one. */
async function devKey(): Promise<string> {
  const file = join(DATA_FOLDER, 'dev-key')
  const known = await readFile(file, 'utf8').catch(() => null)
  if (known !== null) {
    const headers = { authorization: `Bearer ${known}` }
    const response = await fetch(`${gateway.url}/v1/tasks/none`, { headers })
    if (response.status !== 401) return known
  }
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  const { key: made } = await operator.keys.create({ name: 'dev' })
  await writeFile(file, made)
  return made
}

async function stop(): Promise<void> {
  await gateway.close()
  sandbox.close()
  process.exit(0)
}
