/**
 * `npm run doctor`: what is wrong with a running gateway, and the cure of each.
 *
 * It changes nothing. `--url` and the environment (ADMIN_TOKEN, KEY, WEBHOOK_SECRET) name the gateway; what
 * they leave out comes from the deployment that this machine knows. `--json` is for scripts; the exit code
 * is 1 when a check failed.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DeploymentFolder } from './deployment/folder.ts'
import { checkMigrations } from './doctor/account-checks.ts'
import type { Finding } from './doctor/finding.ts'
import { checkCallbacks, checkHealth, checkOperator } from './doctor/gateway-checks.ts'
import { checkProviders } from './doctor/provider-checks.ts'
import { checkWebhook } from './doctor/webhook-check.ts'

const SIGNS = { ok: '✓', failed: '✗', skipped: '·' }

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    env: { type: 'string' },
    url: { type: 'string' },
    webhook: { type: 'string' },
  },
})
const folder = new DeploymentFolder(values.env)
const deployment = await folder.readDeployment()
const settings: Record<string, string | undefined> = {
  ...(await folder.readSecrets()),
  ...process.env,
}
const url = (values.url ?? process.env.GATEWAY ?? settings.PUBLIC_URL ?? '').replace(/\/+$/, '')
if (!URL.canParse(url)) {
  console.error('Which gateway? `npm run doctor -- --url https://…`, or run `npm run setup` first.')
  process.exit(1)
}

const findings = await examine()
if (values.json) console.log(JSON.stringify({ url, findings }, null, 2))
else tell(findings)
process.exitCode = findings.some(({ state }) => state === 'failed') ? 1 : 0

async function examine(): Promise<Finding[]> {
  const gateway = { url, adminToken: settings.ADMIN_TOKEN ?? null, version: await versionHere() }
  const health = await checkHealth(gateway)
  if (
    health.some(({ state, check }) => state === 'failed' && check !== 'cron' && check !== 'version')
  )
    return [...health, ...(await checkProviders(settings))]
  const isOurs = deployment.accountId !== undefined && url === settings.PUBLIC_URL
  const environment = values.env ? ['--env', values.env] : []
  return [
    ...health,
    ...(await checkOperator(gateway)),
    ...(isOurs ? [await checkMigrations(environment)] : []),
    ...(await checkProviders(settings)),
    await checkCallbacks(gateway),
    await checkWebhook({
      url,
      key: process.env.KEY ?? deployment.firstKey ?? null,
      webhookSecret: process.env.WEBHOOK_SECRET ?? null,
      endpoint: values.webhook ?? null,
    }),
  ]
}

async function versionHere(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function tell(list: Finding[]): void {
  const width = Math.max(...list.map(({ check }) => check.length))
  for (const { check, state, says, cure } of list) {
    console.log(`${SIGNS[state]} ${check.padEnd(width)}  ${says}`)
    if (cure) console.log(`  ${' '.repeat(width)}  → ${cure}`)
  }
}
