/** The gateway and the sandbox as `npm run dev` starts them: real HTTP, real callbacks, real cron. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Task, TaskRequest } from '../../client/index.ts'
import { PROVIDER_IDS } from '../../src/core/request.ts'
import { paidJobs, startWorld, type World } from './world.ts'

const GIVE_UP_SECONDS = 60

let world: World
beforeAll(async () => {
  world = await startWorld(1)
}, 60_000)

afterAll(() => world.stop())

async function runTask(request: TaskRequest): Promise<Task> {
  const { id } = await world.client.tasks.create(request)
  return world.client.tasks.wait(id, { timeoutSeconds: GIVE_UP_SECONDS })
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
    expect(await paidJobs(world, prompt)).toMatchObject([{ calledBack: true }])
  })

  it.for(PROVIDER_IDS)(
    '%s is not paid twice when its connection drops',
    async (provider, { expect }) => {
      const prompt = `A rope [[answer=drop callback=none]] ${provider}`
      const { id } = await world.client.tasks.create({ prompt, provider, deadline_seconds: 30 })
      const firstStatus = async () => (await world.client.tasks.get(id)).attempts[0]?.status
      await expect.poll(firstStatus).toBe('unknown')
      expect(await paidJobs(world, prompt)).toHaveLength(1)
    },
  )

  it('fetches a picture again whose bytes broke off', async () => {
    const prompt = 'A torn page [[picture=truncated times=1]]'
    const task = await runTask({ prompt, provider: 'gptimage2.ai' })
    expect(task.status).toBe('succeeded')
    expect(await paidJobs(world, prompt)).toHaveLength(1)
  })
})
