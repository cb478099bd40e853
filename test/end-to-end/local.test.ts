/** The gateway and the sandbox as `npm run dev` starts them: real HTTP, real callbacks, real cron. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Imagegate, type Task, type TaskRequest } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import type { Job } from '../../sandbox/jobs.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'
import { PROVIDER_IDS } from '../../src/core/request.ts'

const GIVE_UP_SECONDS = 60

let data: string
let sandbox: SandboxServer
let gateway: LocalGateway
let client: Imagegate

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imagegate-test-'))
  sandbox = await startSandbox(0, () => 1)
  gateway = await startGateway(sandbox.origin, data, 0)
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  const { key } = await operator.keys.create({ name: 'test' })
  client = new Imagegate({ baseUrl: gateway.url, apiKey: key })
}, 60_000)

afterAll(async () => {
  await gateway.close()
  sandbox.close()
  await rm(data, { recursive: true, force: true })
})

async function runTask(request: TaskRequest): Promise<Task> {
  const { id } = await client.tasks.create(request)
  return client.tasks.wait(id, { timeoutSeconds: GIVE_UP_SECONDS })
}

async function sandboxJobs(prompt: string): Promise<Job[]> {
  const query = encodeURIComponent(prompt)
  const response = await fetch(`${sandbox.origin}/_sandbox/jobs?prompt=${query}`)
  return (await response.json()) as Job[]
}

describe.concurrent('over real HTTP', () => {
  it.each(PROVIDER_IDS)('%s makes a picture', async (provider) => {
    const task = await runTask({ prompt: `A bell for ${provider}`, provider })
    expect(task.status).toBe('succeeded')
    const response = await fetch(task.outputs[0]?.url ?? '')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect([...bytes.slice(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)))
  })

  it('hears of a finished job by callback, long before it would ask', async () => {
    const prompt = 'A doorbell'
    const task = await runTask({ prompt, provider: 'aivideoapi.ai' })
    expect(Date.parse(task.completed_at ?? '') - Date.parse(task.created_at)).toBeLessThan(15_000)
    expect(await sandboxJobs(prompt)).toMatchObject([{ calledBack: true }])
  })

  it.for(PROVIDER_IDS)(
    '%s is not paid twice when its connection drops',
    async (provider, { expect }) => {
      const prompt = `A rope [[answer=drop callback=none]] ${provider}`
      const { id } = await client.tasks.create({ prompt, provider, deadline_seconds: 30 })
      const firstStatus = async () => (await client.tasks.get(id)).attempts[0]?.status
      await expect.poll(firstStatus).toBe('unknown')
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
