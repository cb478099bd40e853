/** The gateway and the sandbox as `npm run dev` starts them: real HTTP, real callbacks, real cron. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey, makeTask, readTask, type TaskView } from '../../local/client.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

const PROVIDERS = ['aivideoapi.ai', 'gptimage2api.org', 'gptimage2.ai', 'nanobananaapi.dev']
const GIVE_UP_MS = 60_000

let data: string
let sandbox: SandboxServer
let gateway: LocalGateway
let key: string

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imagegate-test-'))
  sandbox = await startSandbox(0, () => 1)
  gateway = await startGateway(sandbox.origin, data)
  key = await makeKey(gateway.url, gateway.adminToken, 'test')
}, 60_000)

afterAll(async () => {
  await gateway.close()
  sandbox.close()
  await rm(data, { recursive: true, force: true })
})

async function runTask(request: object): Promise<TaskView> {
  const { id } = await makeTask(gateway.url, key, request)
  const givesUpAt = Date.now() + GIVE_UP_MS
  for (;;) {
    const task = await readTask(gateway.url, key, id)
    if (task.completed_at !== null || Date.now() > givesUpAt) return task
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function sandboxJobs(prompt: string): Promise<Array<{ calledBack: boolean }>> {
  const query = encodeURIComponent(prompt)
  const response = await fetch(`${sandbox.origin}/_sandbox/jobs?prompt=${query}`)
  return (await response.json()) as Array<{ calledBack: boolean }>
}

describe.concurrent('over real HTTP', () => {
  it.each(PROVIDERS)('%s makes a picture', async (provider) => {
    const task = await runTask({ prompt: `A bell for ${provider}`, provider })
    expect(task.status).toBe('succeeded')
    const response = await fetch(task.outputs[0]?.url ?? '')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect([...bytes.slice(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)))
  })

  it('hears of a finished job by callback, long before it would ask', async () => {
    const prompt = 'A doorbell'
    const task = await runTask({ prompt, provider: 'aivideoapi.ai' })
    expect(Date.parse(task.completed_at ?? '') - Date.parse(task.created_at)).toBeLessThan(10_000)
    expect(await sandboxJobs(prompt)).toMatchObject([{ calledBack: true }])
  })

  it.for(PROVIDERS)(
    '%s is not paid twice when its connection drops',
    async (provider, { expect }) => {
      const prompt = `A rope [[answer=drop callback=none]] ${provider}`
      const { id } = await makeTask(gateway.url, key, { prompt, provider, deadline_seconds: 30 })
      const firstStatus = async () => (await readTask(gateway.url, key, id)).attempts[0]?.status
      await expect.poll(firstStatus, { timeout: 20_000 }).toBe('unknown')
      expect(await sandboxJobs(prompt)).toHaveLength(1)
    },
  )

  it('fetches a picture again whose bytes broke off', async () => {
    const prompt = 'A torn page [[picture=truncated times=1]]'
    const task = await runTask({ prompt, provider: 'gptimage2.ai' })
    expect(task.status).toBe('succeeded')
    expect(await sandboxJobs(prompt)).toHaveLength(1)
  })
})
