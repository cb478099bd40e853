/** `npm run doctor` against a gateway that is well, and against addresses that have each illness. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Imagegate } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

const SCRIPT = join(import.meta.dirname, '../../local/doctor.ts')

interface Report {
  code: number | null
  output: string
  findings: Record<string, { state: string; says: string; cure?: string }>
}

let folder: string
let sandbox: SandboxServer
let gateway: LocalGateway
let well: Record<string, string>
let pretender: Server | null = null

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imagegate-doctor-'))
  sandbox = await startSandbox(0, () => 0.1)
  gateway = await startGateway(sandbox.origin, join(folder, 'data'), 0)
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  const { key, webhook_secret } = await operator.keys.create({ name: 'doctor' })
  well = {
    GATEWAY: gateway.url,
    ADMIN_TOKEN: gateway.adminToken,
    KEY: key,
    WEBHOOK_SECRET: webhook_secret,
    AIVIDEOAPI_AI_API_KEY: 'sk-sandbox',
    AIVIDEOAPI_AI_BASE_URL: `${sandbox.origin}/aivideoapi.ai`,
    GPTIMAGE2_AI_API_KEY: 'sk-sandbox',
    GPTIMAGE2_AI_BASE_URL: `${sandbox.origin}/gptimage2.ai`,
    GPTIMAGE2API_ORG_API_KEY: 'sk-sandbox',
    GPTIMAGE2API_ORG_BASE_URL: `${sandbox.origin}/gptimage2api.org`,
    NANOBANANAAPI_DEV_API_KEY: 'sk-sandbox',
  }
}, 60_000)

afterEach(() => pretender?.close())

afterAll(async () => {
  await gateway.close()
  sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

async function consult(environment: Record<string, string>, args = ['--json']): Promise<Report> {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  const list = args.includes('--json')
    ? (JSON.parse(output) as { findings: Array<{ check: string; state: string; says: string }> })
    : { findings: [] }
  const findings = Object.fromEntries(list.findings.map((finding) => [finding.check, finding]))
  return { code, output, findings }
}

/** An address that answers some paths as a gateway would. */
async function pretend(answers: Record<string, [number, object]>): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = answers[request.url ?? ''] ?? [404, { error: { code: 'not_found' } }]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  pretender = server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('finds nothing wrong with a gateway that is well', async () => {
  const { code, findings, output } = await consult(well)
  expect(code, output).toBe(0)
  const states = Object.values(findings).map(({ state }) => state)
  expect(states).not.toContain('failed')
  for (const check of [
    'reachable',
    'settings',
    'operator',
    'database',
    'callbacks',
    'gptimage2.ai',
  ])
    expect(findings[check], output).toMatchObject({ state: 'ok' })
  expect(findings.webhook?.says).toBe('Delivered, and its signature is right.')
  expect(findings['nanobananaapi.dev']?.state).toBe('skipped')
  expect(output).not.toContain(well.KEY)
})

describe('names what is wrong, and its cure', () => {
  it.each([
    ['operator', { ADMIN_TOKEN: 'somebody-else-s-admin-token' }, 'ADMIN_TOKEN'],
    ['aivideoapi.ai', { AIVIDEOAPI_AI_API_KEY: 'wrong' }, '--rotate AIVIDEOAPI_AI_API_KEY'],
    ['gptimage2.ai', { GPTIMAGE2_AI_BASE_URL: 'http://127.0.0.1:9' }, 'Wait'],
    ['webhook', { WEBHOOK_SECRET: 'whsec_c29tZWJvZHkgZWxzZQ==' }, 'WEBHOOK_SECRET'],
    ['reachable', { GATEWAY: 'http://127.0.0.1:9' }, 'npm run deploy'],
  ])('%s', async (check, change, cure) => {
    const { code, findings, output } = await consult({ ...well, ...change })
    expect(code).toBe(1)
    expect(findings[check], output).toMatchObject({
      state: 'failed',
      cure: expect.stringContaining(cure),
    })
  })

  it('a setting, by the gateway’s own word', async () => {
    const error = { code: 'misconfigured', message: 'SIGNING_SECRET: is not set.' }
    const GATEWAY = await pretend({ '/healthz': [503, { error }] })
    const { code, findings } = await consult({ ...well, GATEWAY })
    expect(code).toBe(1)
    expect(findings.settings).toMatchObject({ state: 'failed', says: error.message })
  })

  it('a cron that stopped, and what waits because of it', async () => {
    const health = { status: 'stalled', last_sweep_seconds: 400, oldest_due_seconds: 390 }
    const GATEWAY = await pretend({ '/healthz': [503, { ...health, version: '0.0.0' }] })
    const { code, findings } = await consult({ ...well, GATEWAY })
    expect(code).toBe(1)
    expect(findings.cron).toMatchObject({ state: 'failed', says: expect.stringContaining('400 s') })
    expect(findings.due).toMatchObject({ state: 'failed', says: expect.stringContaining('390 s') })
    expect(findings.version?.state).toBe('failed')
  })

  it('an address that providers can’t call back', async () => {
    const GATEWAY = await pretend({
      '/healthz': [200, { status: 'ok' }],
      '/openapi.json': [200, { servers: [{ url: 'http://127.0.0.1:9' }] }],
    })
    const { findings } = await consult({ ...well, GATEWAY })
    expect(findings.callbacks).toMatchObject({
      state: 'failed',
      cure: expect.stringContaining('--url'),
    })
  })

  it('in words, for people', async () => {
    const { code, output } = await consult({ ...well, ADMIN_TOKEN: 'wrong' }, [])
    expect(code).toBe(1)
    expect(output).toMatch(/✗ operator\s+The admin token is refused\.\n\s+→ Set ADMIN_TOKEN/)
  })
})
