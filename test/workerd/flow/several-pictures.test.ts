/** Several pictures of one task: divided into calls, side by side, from more than one provider. */
import { beforeAll, expect, it } from 'vitest'
import {
  makeKey,
  makeTask,
  paidJobs,
  runTask,
  uniquePrompt,
  until,
  untilOver,
} from '../world/gateway'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

it('buys single pictures side by side', async () => {
  const prompt = uniquePrompt('Seven dwarfs')
  const task = await runTask(key, { prompt, n: 7, provider: 'nanobananaapi.dev' })
  expect(task.outputs.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(task.cost).toMatchObject({ credits: 98, charged: 'yes' })
  expect(await paidJobs(prompt)).toHaveLength(7)
})

it('divides them into calls as large as the provider takes', async () => {
  const prompt = uniquePrompt('Six swans')
  const task = await runTask(key, { prompt, n: 6, provider: 'gptimage2.ai' })
  expect(task.outputs).toHaveLength(6)
  expect((await paidJobs(prompt)).map(({ count }) => count).sort()).toEqual([2, 4])
  expect(task.cost.credits).toBe(60)
})

it('are not held up by a slow one among them', async () => {
  const prompt = uniquePrompt(
    'A hare and a tortoise [[aivideoapi.ai submit=400 times=1]] [[nanobananaapi.dev delay=12]]',
  )
  const { id } = await makeTask(key, {
    prompt,
    n: 2,
    providers: ['aivideoapi.ai', 'nanobananaapi.dev'],
  })
  const early = await until(key, id, ({ outputs }) => outputs.length === 1)
  expect(early.attempts.at(-1)).toMatchObject({
    provider: 'nanobananaapi.dev',
    status: 'submitting',
  })
  expect((await untilOver(key, id)).status).toBe('succeeded')
})

it('asks the next provider for those that are missing', async () => {
  const prompt = uniquePrompt('Three bears [[gptimage2.ai makes=2]]')
  const task = await runTask(key, {
    prompt,
    n: 3,
    providers: ['gptimage2.ai', 'gptimage2api.org'],
  })
  expect(task.status).toBe('succeeded')
  expect(task.attempts.map(({ provider }) => provider)).toEqual([
    'gptimage2.ai',
    'gptimage2api.org',
  ])
})
