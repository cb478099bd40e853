/** What is paid for once stays paid for once, whatever happens around the submission. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import type { Database } from '../../../src/db/database'
import { run } from '../../../src/flow/run'
import { settle } from '../../../src/flow/settle'
import type { TaskJson } from '../../../src/wire/task'
import { troubled } from '../world/database'
import {
  makeKey,
  makeQueued,
  makeTask,
  paidJobs,
  post,
  runCron,
  runTask,
  sessionOf,
  submissions,
  testPorts,
  uniquePrompt,
  untilOver,
} from '../world/gateway'
import { attemptsOf } from '../world/rows'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

/** Something happens between the write that records a task's attempt and its answer. */
function uponRecording(database: Database, id: string, happens: () => Promise<void>): Database {
  let isRecorded = false
  return new Proxy(database, {
    get(target, name, receiver) {
      if (name !== 'batch' || isRecorded) return Reflect.get(target, name, receiver)
      return async (...statements: Parameters<Database['batch']>) => {
        const results = await target.batch(...statements)
        isRecorded = (await attemptsOf(id)).length > 0
        if (isRecorded) await happens()
        return results
      }
    },
  })
}

async function loseAnswer(): Promise<void> {
  throw new Error('D1_ERROR: Network connection lost.')
}

it('pays once when two runs take the same step', async () => {
  const prompt = uniquePrompt('Twins')
  const ports = testPorts({ wake: async () => undefined })
  const id = await makeQueued(prompt, { provider: 'gptimage2.ai' })
  await Promise.all(Array.from({ length: 5 }, () => run(sessionOf(ports, id))))
  expect(await paidJobs(prompt)).toHaveLength(1)
})

it.each(['500', 'garbage', 'drop'])('never repeats a submission answered by %s', async (answer) => {
  const prompt = uniquePrompt(`A vase [[answer=${answer}]]`)
  const { id } = await makeTask(key, { prompt, provider: 'gptimage2.ai' })
  const task = await untilOver(key, id)
  expect(task).toMatchObject({
    status: 'failed',
    error: { code: 'submit_outcome_unknown' },
    cost: { charged: 'unknown' },
    attempts: [{ status: 'unknown', charged: 'unknown' }],
  })
  await runCron()
  expect(await submissions(prompt)).toHaveLength(1)
})

it('does not try another provider after an unknown outcome', async () => {
  const prompt = uniquePrompt('A vase [[gptimage2.ai answer=500]]')
  const providers = ['gptimage2.ai', 'nanobananaapi.dev']
  const task = await runTask(key, { prompt, providers })
  expect(task.error?.code).toBe('submit_outcome_unknown')
  expect(await submissions(prompt)).toHaveLength(1)
})

it('sends an unknown outcome again when the client accepts to pay twice', async () => {
  const prompt = uniquePrompt('A vase [[answer=500 times=1]]')
  const task = await runTask(key, { prompt, provider: 'gptimage2.ai', resubmit_on_unknown: true })
  expect(task).toMatchObject({ status: 'succeeded', cost: { charged: 'unknown' } })
  expect(task.attempts.map(({ status }) => status)).toEqual(['unknown', 'succeeded'])
})

it('treats a submission that a crashed run left behind as unknown', async () => {
  const prompt = uniquePrompt('A wreck')
  const ports = testPorts({ wake: async () => undefined })
  const id = await makeQueued(prompt, { provider: 'gptimage2.ai' })
  const crashing = testPorts({ fetch: () => new Promise<Response>(() => undefined) })
  void run(sessionOf(crashing, id))
  await expect.poll(async () => (await attemptsOf(id))[0]?.status).toBe('submitting')

  await run(sessionOf(ports, id))
  expect((await attemptsOf(id))[0]?.status).toBe('submitting')
  await env.DB.prepare('update attempts set lease_until = 1 where task_id = ?').bind(id).run()
  await run(sessionOf(ports, id))
  expect((await attemptsOf(id)).map(({ status }) => status)).toEqual(['unknown'])
  expect(await submissions(prompt)).toHaveLength(0)
})

it('finishes a paid call although the step beside it fails', async () => {
  const prompt = uniquePrompt('A bridge')
  let isDown = false
  const ports = testPorts({
    wake: async () => undefined,
    database: troubled(testPorts().database, () => isDown),
    fetch: async (input, init) => {
      isDown = true
      const response = await fetch(input, init)
      isDown = false
      return response
    },
  })
  const id = await makeQueued(prompt, { provider: 'nanobananaapi.dev' })
  await run(sessionOf(ports, id))
  expect((await attemptsOf(id)).map(({ status }) => status)).toEqual(['succeeded'])
  const row = env.DB.prepare('select status from tasks where id = ?').bind(id)
  expect(await row.first('status')).toBe('succeeded')
})

it('sends what it recorded although the database lost the answer', async () => {
  const prompt = uniquePrompt('A postcard')
  const ports = testPorts({ wake: async () => undefined, sleep: async () => undefined })
  const id = await makeQueued(prompt, { provider: 'gptimage2.ai' })
  const database = uponRecording(ports.database, id, loseAnswer)
  await run(sessionOf({ ...ports, database }, id))
  expect(await attemptsOf(id)).toMatchObject([{ status: 'running' }])
  expect(await paidJobs(prompt)).toHaveLength(1)
})

it.each([
  ['lost', loseAnswer],
  ['late', async () => undefined],
])('does not send what it recorded once the task is over (answer %s)', async (_, answer) => {
  const prompt = uniquePrompt('A late postcard')
  let lateByMs = 0
  const ports = testPorts({
    wake: async () => undefined,
    sleep: async () => undefined,
    now: () => Date.now() + lateByMs,
  })
  const id = await makeQueued(prompt, { provider: 'gptimage2.ai' })
  const database = uponRecording(ports.database, id, async () => {
    lateByMs = ports.settings.taskDeadlineSeconds * 1000
    await settle(ports, id, { type: 'expired' })
    await answer()
  })
  await run(sessionOf({ ...ports, database }, id))
  expect(await submissions(prompt)).toEqual([])
  expect(await attemptsOf(id)).toMatchObject([{ status: 'rejected', charged: 'no' }])
})

it('records anew what was recorded too slowly to be sent', async () => {
  const prompt = uniquePrompt('A slow postcard')
  let lateByMs = 0
  const ports = testPorts({ wake: async () => undefined, now: () => Date.now() + lateByMs })
  const id = await makeQueued(prompt, { provider: 'gptimage2.ai' })
  const database = uponRecording(ports.database, id, async () => {
    lateByMs = 60_000
  })
  await run(sessionOf({ ...ports, database }, id))
  const attempts = (await attemptsOf(id)).map(({ status }) => status)
  expect(attempts).toEqual(['rejected', 'running'])
  expect(await submissions(prompt)).toHaveLength(1)
})

it('makes one task of twenty equal requests with one Idempotency-Key', async () => {
  const prompt = uniquePrompt('An echo')
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const body = { prompt, provider: 'gptimage2.ai' }
  const responses = await Promise.all(
    Array.from({ length: 20 }, () => post('/v1/tasks', key, body, headers)),
  )
  const tasks = await Promise.all(responses.map((response) => response.json<TaskJson>()))
  expect(new Set(tasks.map(({ id }) => id)).size).toBe(1)
  expect(responses.filter(({ headers: sent }) => sent.get('idempotent-replayed')).length).toBe(19)

  const other = await post('/v1/tasks', key, { ...body, n: 2 }, headers)
  expect(other.status).toBe(422)
  expect(await other.json()).toMatchObject({ error: { code: 'idempotency_key_reused' } })
  await untilOver(key, tasks[0]?.id ?? '')
  const replay = await post('/v1/tasks', key, { provider: 'gptimage2.ai', prompt }, headers)
  expect(replay.status).toBe(200)
  expect(await paidJobs(prompt)).toHaveLength(1)
})
