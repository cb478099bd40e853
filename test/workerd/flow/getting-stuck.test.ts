/** A task ends, whatever is lost, silent or down. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { settle } from '../../../src/flow/settle'
import { troubled } from '../world/database'
import {
  backdate,
  makeKey,
  makeQueued,
  makeTask,
  paidJobs,
  readTask,
  testPorts,
  uniquePrompt,
  until,
  untilOver,
} from '../world/gateway'
import { attemptsOf, lastKeyId } from '../world/rows'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

it('picks up a lost wake by the cron', async () => {
  const id = await makeQueued('A sleeper', { provider: 'gptimage2.ai' }, await lastKeyId())
  await scheduler.wait(300)
  expect((await readTask(key, id)).status).toBe('queued')
  expect((await untilOver(key, id)).status).toBe('succeeded')
})

it('finishes by polling when no callback comes', async () => {
  const body = { prompt: 'Silence [[callback=none]]', provider: 'aivideoapi.ai' }
  const { id } = await makeTask(key, body)
  await until(key, id, (task) => task.attempts[0]?.status === 'running')
  await scheduler.wait(500)
  await backdate(id, 'due_at')
  expect((await untilOver(key, id)).status).toBe('succeeded')
})

it('ends a task at its deadline and stores what comes later', async () => {
  const { id } = await makeTask(key, {
    prompt: 'A latecomer [[delay=6]]',
    provider: 'gptimage2.ai',
    callback_url: 'https://client.example.com/hook',
  })
  await until(key, id, (task) => task.attempts[0]?.status === 'running')
  await backdate(id, 'deadline_at')
  await backdate(id, 'due_at')
  expect(await untilOver(key, id)).toMatchObject({
    status: 'failed',
    error: { code: 'timed_out' },
  })
  const task = await until(key, id, ({ outputs }) => outputs.length === 1)
  expect(task).toMatchObject({ status: 'failed', cost: { charged: 'yes' } })
  const { results } = await env.DB.prepare(
    'select event from deliveries where task_id = ? order by id',
  )
    .bind(id)
    .all()
  expect(results.map(({ event }) => event)).toEqual(['task.failed', 'task.recovered'])
})

it.each([
  ['aivideoapi.ai', 'succeeded'],
  ['gptimage2.ai', 'failed'],
])('goes on asking for a job that %s denied three times (%s)', async (provider, status) => {
  const prompt = uniquePrompt('A lost son [[delay=1 poll=404 times=3 callback=none]]')
  const { id } = await makeTask(key, { prompt, provider })
  const task = await until(key, id, ({ outputs }) => outputs.length === 1)
  expect(task).toMatchObject({ status, cost: { charged: 'yes' } })
  expect(task.error?.code).toBe(status === 'failed' ? 'provider_failed' : undefined)
  expect(await paidJobs(prompt)).toHaveLength(1)
})

it('outlives a database that fails for a while', async () => {
  const { id } = await makeTask(key, { prompt: 'A rock [[delay=2]]', provider: 'gptimage2.ai' })
  await until(key, id, (task) => task.attempts[0]?.status === 'running')
  let failures = 3
  const ports = testPorts({ sleep: async () => undefined })
  const database = troubled(ports.database, () => failures-- > 0)
  const [attempt] = await attemptsOf(id)
  const hint = { type: 'hinted', attemptId: attempt?.id ?? '', reference: 'x' } as const
  expect(await settle({ ...ports, database }, id, hint)).not.toBeNull()
})
