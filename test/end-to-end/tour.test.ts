/** The tour in the README, its lines copied into a shell as a reader would. */
import { execFile } from 'node:child_process'
import { readFile, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../../local/ports.ts'
import { startWorld, type World } from './world.ts'

const run = promisify(execFile)

let world: World
beforeAll(async () => {
  world = await startWorld(0.5)
  await symlink(resolve('node_modules'), join(world.folder, 'node_modules'))
}, 60_000)

afterAll(() => world.stop())

/** The shell blocks of the tour but the first, which only sets what `npm run dev` prints. */
async function readTour(): Promise<string[]> {
  const readme = await readFile('README.md', 'utf8')
  const [, tour = ''] = /\n## Tour\n([\s\S]*?)\n## /.exec(readme) ?? []
  const blocks = [...tour.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  return blocks.slice(1)
}

it('works line by line', async () => {
  const blocks = await readTour()
  expect(blocks.length).toBeGreaterThan(8)
  const receiverPort = await freePort(0)
  const marker = '=====next====='
  const script = blocks
    .map((block) => block.replaceAll('curl -s', 'curl --fail-with-body -s'))
    .join(`\necho; echo ${marker}\n`)
    .replaceAll(':9000', `:${receiverPort}`)
    .replaceAll('listen(9000', `listen(${receiverPort}`)
  const { key, webhook_secret } = world.key
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: world.folder,
    env: {
      ...process.env,
      GATEWAY: world.gateway.url,
      KEY: key,
      ADMIN_TOKEN: world.gateway.adminToken,
      WEBHOOK_SECRET: webhook_secret,
    },
  })
  const [tested, made, , quote, edit, watched, sent, past, deleted, keys] = stdout.split(marker)
  expect(tested).toContain('"delivered":true')
  expect(tested).toContain('webhook: webhook.test {"type":"webhook.test"')
  expect(made).toContain('"status":"succeeded"')
  expect(quote).toContain('"eligible":true')
  expect(edit).toContain('"image_urls"')
  expect(watched).toMatch(/event: task\ndata: .*"status":"succeeded"/)
  expect(stdout).toMatch(/webhook: task.succeeded task_/)
  expect(sent).toMatch(/"status":"delivered"/)
  expect(past).toMatch(/"data":\[\{"id":"task_[\s\S]*"images":2/)
  expect(deleted?.trim()).toBe('')
  expect(keys).toContain('"daily_usd_limit":5')
  const picture = await readFile(join(world.folder, 'boat.png'))
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
})
