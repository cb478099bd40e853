/** What follows a deployment: the gateway answers, somebody has a key, and a picture is one command away. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Imagegate, ImagegateError } from '../../client/index.ts'
import type { DeploymentFolder } from './folder.ts'
import { Obstacle } from './steps.ts'

/** A new name under workers.dev takes a while to be known everywhere. */
const GIVE_UP_MS = 120_000
const PAUSE_MS = 2_000

interface Health {
  status?: string
  version?: string
  last_sweep_seconds?: number | null
  error?: { code?: string; message?: string }
}

/** Waits until `/healthz` is this gateway's. @throws Obstacle with the setting that is wrong */
export async function waitUntilHealthy(url: string): Promise<string> {
  const givesUpAt = Date.now() + GIVE_UP_MS
  let problem = ''
  while (Date.now() < givesUpAt) {
    const response = await fetch(`${url}/healthz`, { cache: 'no-store' }).catch(() => null)
    const health = (await response?.json().catch(() => null)) as Health | null | undefined
    if (response?.status === 200 && health?.status)
      return `${url}/healthz says ${health.status}${health.version ? `, version ${health.version}` : ''}.`
    if (health?.error?.message?.startsWith('PUBLIC_URL: is not set'))
      return 'It waits to learn its address from the first request with the admin token.'
    if (health?.error?.code === 'misconfigured') {
      throw new Obstacle(
        `The gateway refuses to work: ${health.error.message}`,
        'Mend that setting (`npm run setup -- --rotate NAME`, or `npx wrangler secret put NAME`).',
      )
    }
    // Unhealthy, but ours: the first cron comes within a few minutes.
    if (health && 'last_sweep_seconds' in health)
      return 'It answers; its cron has not been seen yet. `npm run doctor` tells when it has.'
    problem = response ? `HTTP ${response.status}` : 'no connection'
    await sleep(PAUSE_MS)
  }
  throw new Obstacle(
    `${url}/healthz did not answer as this gateway within two minutes (${problem}).`,
    'A new address may take longer: run `npm run doctor` in a few minutes.',
  )
}

/** Makes a first key unless there is one, and says how a picture is made with it. */
export async function makeFirstKey(
  url: string,
  adminToken: string,
  folder: DeploymentFolder,
): Promise<string> {
  const operator = new Imagegate({ baseUrl: url, apiKey: adminToken })
  const { firstKey } = await folder.readDeployment()
  if (firstKey) return exampleOf(url, firstKey)
  try {
    const keys = await operator.keys.list()
    if (keys.length > 0) return `${keys.length} key(s) exist already.\n${exampleOf(url, '$KEY')}`
    const { key } = await operator.keys.create({ name: 'first' })
    await folder.updateDeployment({ firstKey: key })
    return exampleOf(url, key)
  } catch (error) {
    if (!(error instanceof ImagegateError)) throw error
    throw new Obstacle(
      `No key could be made: ${error.message}`,
      'If the admin token was changed elsewhere, run this again with ADMIN_TOKEN=… before it.',
    )
  }
}

function exampleOf(url: string, key: string): string {
  return `A picture:
  curl ${url}/v1/tasks -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\
    -H "Prefer: wait=60" -d '{"prompt": "A paper boat on a puddle"}'
Everything else: ${url}/docs`
}
