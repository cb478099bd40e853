/**
 * Programs written for the four providers, run as they are: only address and key are replaced, and the
 * picture comes from another provider. Those of `docs/migrating.md` too.
 */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Imagegate } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'
import { type Dialect, PLACEHOLDERS, POLLS, SAMPLES, type Sample } from './dialect-samples.ts'

const run = promisify(execFile)
const COMMANDS = {
  sh: ['bash', '-euo', 'pipefail', '-c'],
  node: [process.execPath, '--input-type=module', '-e'],
  python: ['python3', '-c'],
} as const
const POLLS_MAX = 60
const DIALECTS = Object.keys(PLACEHOLDERS) as Dialect[]

let data: string
let sandbox: SandboxServer
let gateway: LocalGateway
let key: string
let client: Imagegate

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imagegate-dialects-'))
  sandbox = await startSandbox(0, () => 0.5)
  gateway = await startGateway(sandbox.origin, data, 0)
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  key = (await operator.keys.create({ name: 'dialects' })).key
  client = new Imagegate({ baseUrl: gateway.url, apiKey: key })
}, 60_000)

afterAll(async () => {
  await gateway.close()
  sandbox.close()
  await rm(data, { recursive: true, force: true })
})

const hasRequests = succeeds('python3', ['-c', 'import requests'])

function succeeds(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** With the gateway in the place of the provider, which by the prompt refuses in the sandbox. */
function moved({ dialect, source }: Pick<Sample, 'dialect' | 'source'>): string {
  const { url, key: placeholder } = PLACEHOLDERS[dialect]
  const refusal = `[[${dialect} submit=${dialect === 'aivideoapi.ai' ? 503 : 402}]]`
  return source
    .replaceAll(url, `${gateway.url}/compat/${dialect}`)
    .replaceAll(placeholder, key)
    .replace(/(["']?prompt["']?:\s*["'])/, `$1${refusal} `)
}

async function output({ language, ...sample }: Sample): Promise<string> {
  const [command, ...args] = COMMANDS[language]
  const env = { ...process.env, GPTIMAGE2_API_KEY: key, GATEWAY: gateway.url, KEY: key }
  return (await run(command, [...args, moved(sample)], { env })).stdout
}

/** What the program wrote that has the picture's address, after asking for it if need be. */
async function pictureUrl(sample: Sample): Promise<string> {
  const said = await output(sample)
  const id = /"(?:taskId|jobId)":"([^"]+)"/.exec(said)?.[1]
  const poll = POLLS[sample.dialect]
  for (let polls = 0; polls < POLLS_MAX; polls++) {
    const source = poll?.replace('{id}', id ?? '')
    const now = id && source ? await output({ ...sample, language: 'sh', source }) : said
    const url = /https?:\/\/[^\s"']+\/outputs\/0\?[^\s"']+/.exec(now)?.[0]
    if (url) return url
    if (!id || /fail/.test(now)) throw new Error(now)
    await sleep(1000)
  }
  throw new Error(`No picture came: ${said}`)
}

async function expectServedByAnother({ dialect }: Sample, url: string): Promise<void> {
  const picture = await fetch(url)
  expect(picture.headers.get('content-type')).toBe('image/png')
  await picture.bytes()
  const task = await client.tasks.get(/tasks\/([^/]+)\//.exec(url)?.[1] ?? '')
  expect(task.status).toBe('succeeded')
  expect(task.provider).not.toBe(dialect)
}

describe('a program for', () => {
  it.for(SAMPLES)('$dialect in $language: $shows', async (sample, { skip }) => {
    skip(sample.language === 'python' && !hasRequests, 'Python has no package "requests"')
    await expectServedByAnother(sample, await pictureUrl(sample))
  })
})

describe('the sample in docs/migrating.md for', () => {
  it.each(DIALECTS)('%s', async (dialect) => {
    const page = await readFile('docs/migrating.md', 'utf8')
    const [, section = ''] = page.split(`\n## ${dialect}\n`)
    const source = /```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? ''
    expect(source).toContain(`$GATEWAY/compat/${dialect}/`)
    const sample: Sample = { dialect, shows: 'a move', language: 'sh', source }
    await expectServedByAnother(sample, await pictureUrl(sample))
  })
})
