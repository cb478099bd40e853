/**
 * `npm run dev`: the gateway and the sandbox for daily work, at the same addresses and with the same key
 * after each start.
 *
 * The Worker is rebuilt by starting again; its data, and the sandbox's jobs, stay in `.wrangler/imagegate`.
 * `--reset` removes that.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { JOBS_FILE, someSeconds, startSandbox } from '../sandbox/server.ts'
import { devKey } from './dev-key.ts'
import { startGateway } from './gateway.ts'
import { insistOn, portFrom } from './ports.ts'

const DATA_FOLDER = join('.wrangler', 'imagegate')
const USUAL_PORT = 8787
const USUAL_SANDBOX_PORT = 8788

if (process.argv.includes('--reset')) await rm(DATA_FOLDER, { recursive: true, force: true })
const port = await insistOn(portFrom('PORT', USUAL_PORT), 'PORT')
const sandboxPort = await insistOn(portFrom('SANDBOX_PORT', USUAL_SANDBOX_PORT), 'SANDBOX_PORT')
const sandbox = await startSandbox(sandboxPort, someSeconds, JOBS_FILE)
const gateway = await startGateway(sandbox.origin, DATA_FOLDER, port, (line) => console.log(line))
const { key, webhookSecret } = await devKey(gateway, DATA_FOLDER)

console.log(`The gateway: ${gateway.url} (/docs says what it takes). The providers: a sandbox, ${sandbox.origin}.

In a browser:   ${gateway.url}/#key=${key}
In a terminal:

  export GATEWAY=${gateway.url} KEY=${key} ADMIN_TOKEN=${gateway.adminToken} WEBHOOK_SECRET=${webhookSecret}

With that, every line of the tour in README.md works. Data stays in ${DATA_FOLDER};
\`npm run dev -- --reset\` starts without it. An edit of the code needs a restart. Ctrl-C ends it.

Each change of a task is a line here:
`)

process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())

async function stop(): Promise<void> {
  await gateway.close()
  sandbox.close()
  process.exit(0)
}
