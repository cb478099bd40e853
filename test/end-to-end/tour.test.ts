/** The tour in the README, its lines copied into a shell as a reader would. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { NewKey } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

const run = promisify(execFile)

let folder: string
let sandbox: SandboxServer
let gateway: LocalGateway

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imagegate-tour-'))
  sandbox = await startSandbox(0, () => 0.5)
  gateway = await startGateway(sandbox.origin, join(folder, 'data'), 0)
}, 60_000)

afterAll(async () => {
  await gateway.close()
  sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

/** The shell blocks of the tour but the first, which only sets what `npm run dev` prints. */
async function readTour(): Promise<string[]> {
  const readme = await readFile('README.md', 'utf8')
  const tour = readme.slice(readme.indexOf('## Tour'), readme.indexOf('## How it works'))
  const blocks = [...tour.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  return blocks.slice(1)
}

it('works line by line', async () => {
  const blocks = await readTour()
  expect(blocks.length).toBeGreaterThan(8)
  const marker = '=====next====='
  const script = blocks
    .map((block) => block.replaceAll('curl -s', 'curl --fail-with-body -s'))
    .join(`\necho; echo ${marker}\n`)
  const key = await makeKey()
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { ...process.env, GATEWAY: gateway.url, KEY: key, ADMIN_TOKEN: gateway.adminToken },
  })
  const [made, , quote, edit, watched, webhook, past, deleted, keys] = stdout.split(marker)
  expect(made).toContain('"status":"succeeded"')
  expect(quote).toContain('"eligible":true')
  expect(edit).toContain('"image_urls"')
  expect(watched).toMatch(/event: task\ndata: .*"status":"succeeded"/)
  expect(webhook).toContain('"delivered":')
  expect(past).toMatch(/"data":\[\{"id":"task_[\s\S]*"images":2/)
  expect(deleted?.trim()).toBe('')
  expect(keys).toContain('"daily_usd_limit":5')
  const picture = await readFile(join(folder, 'boat.png'))
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
})

async function makeKey(): Promise<string> {
  const response = await fetch(`${gateway.url}/v1/keys`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'tour' }),
  })
  return ((await response.json()) as NewKey).key
}
