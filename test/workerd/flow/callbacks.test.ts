/** A callback is a hint: it is followed whenever it comes, and never believed. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { callbackUrl } from '../../../src/flow/callback-url'
import { run } from '../../../src/flow/run'
import { settle } from '../../../src/flow/settle'
import { gate } from '../world/gate'
import {
  deliver,
  makeKey,
  makeQueued,
  makeTask,
  paidJobs,
  readTask,
  sessionOf,
  strangers,
  submissions,
  testPorts,
  uniquePrompt,
  until,
  untilOver,
  waitingCallbacks,
} from '../world/gateway'
import { attemptsOf, lastKeyId } from '../world/rows'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

it('takes one that comes before the submit response is saved', async () => {
  const prompt = uniquePrompt('A hasty bird [[hold=8 delay=0]]')
  const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
  await expect.poll(async () => (await paidJobs(prompt)).length).toBe(1)
  const [job] = await paidJobs(prompt)
  const early = await callbackFor(job?.id ?? '')
  expect((await readTask(key, id)).attempts[0]).toMatchObject({ status: 'submitting' })
  expect((await deliver(early)).status).toBe(200)

  const task = await untilOver(key, id, { callbacks: false })
  expect(task.status).toBe('succeeded')
  expect(await paidJobs(prompt)).toHaveLength(1)
})

it('binds a job whose submit response was lost', async () => {
  const prompt = uniquePrompt('A foundling [[answer=500]]')
  const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
  await until(key, id, (task) => task.attempts[0]?.status === 'unknown', { callbacks: false })
  expect((await readTask(key, id)).status).toBe('processing')
  const [job] = await paidJobs(prompt)
  await deliver(await callbackFor(job?.id ?? ''))
  const task = await untilOver(key, id)
  expect(task).toMatchObject({
    status: 'succeeded',
    cost: { credits: 4.7, usd: 0.0235, charged: 'yes' },
    attempts: [{ status: 'succeeded', provider_task_id: job?.id }],
  })
})

it('refuses a wrong token and changes nothing', async () => {
  const prompt = uniquePrompt('A lock [[delay=30]]')
  const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
  await until(key, id, (task) => task.attempts[0]?.status === 'running')
  const [attempt] = await attemptsOf(id)
  const right = await callbackUrl(testPorts().settings, 'aivideoapi.ai', attempt?.id ?? '')
  const before = await rowsOf(id)
  const forged = [
    right.slice(0, -1) + (right.endsWith('A') ? 'B' : 'A'),
    right.replace(/[^/]+$/, 'x'),
    right.replace(attempt?.id ?? '', 'att_other'),
  ]
  const body = JSON.stringify({ id: attempt?.reference, status: 'completed' })
  for (const url of forged) expect((await deliver({ url, body })).status).toBe(404)
  expect((await deliver({ url: right, body: 'not json' })).status).toBe(400)
  expect((await deliver({ url: right, body: '{"status":"completed"}' })).status).toBe(400)
  expect(await rowsOf(id)).toEqual(before)
})

it('binds the job of a run that died before it heard of it', async () => {
  const prompt = uniquePrompt('An orphan')
  const dying = testPorts({
    wake: async () => undefined,
    fetch: async (input, init) => {
      await (await fetch(input, init)).arrayBuffer()
      return new Promise(() => undefined)
    },
  })
  const id = await makeQueued(prompt, { provider: 'aivideoapi.ai' }, await lastKeyId())
  void run(sessionOf(dying, id))
  await expect.poll(async () => (await paidJobs(prompt)).length).toBe(1)
  const [job] = await paidJobs(prompt)
  expect((await attemptsOf(id))[0]?.status).toBe('submitting')
  await deliver(await callbackFor(job?.id ?? ''))
  expect(await untilOver(key, id)).toMatchObject({
    status: 'succeeded',
    attempts: [{ provider_task_id: job?.id, charged: 'yes' }],
  })
  expect(await submissions(prompt)).toHaveLength(1)
})

it('does not believe what a callback says', async () => {
  const prompt = uniquePrompt('A liar [[delay=30]]')
  const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
  await until(key, id, (task) => task.attempts[0]?.status === 'running')
  const [attempt] = await attemptsOf(id)
  const url = await callbackUrl(testPorts().settings, 'aivideoapi.ai', attempt?.id ?? '')
  const output = { urls: ['https://evil.example.com/picture.png'] }
  const lie = { id: attempt?.reference, status: 'completed', output }
  expect((await deliver({ url, body: JSON.stringify(lie) })).status).toBe(200)
  await scheduler.wait(1_000)
  expect(await readTask(key, id)).toMatchObject({ status: 'processing', outputs: [] })
  expect(await strangers()).not.toContain(output.urls[0])
})

it("does not give one task another one's job", async () => {
  const owner = await makeTask(key, { prompt: 'Mine [[delay=1]]', provider: 'aivideoapi.ai' })
  const running = await until(key, owner.id, (task) => task.attempts[0]?.status === 'running')
  const thief = await makeTask(key, {
    prompt: 'Theirs [[answer=500]]',
    provider: 'aivideoapi.ai',
  })
  await until(key, thief.id, (task) => task.attempts[0]?.status === 'unknown', {
    callbacks: false,
  })
  const [attempt] = await attemptsOf(thief.id)
  const url = await callbackUrl(testPorts().settings, 'aivideoapi.ai', attempt?.id ?? '')
  const body = JSON.stringify({ id: running.attempts[0]?.provider_task_id, status: 'completed' })
  expect((await deliver({ url, body })).status).toBe(200)
  await expect.poll(async () => (await attemptsOf(thief.id))[0]?.hint).toBeNull()
  expect((await attemptsOf(thief.id))[0]).toMatchObject({ status: 'unknown', reference: null })
  expect((await untilOver(key, owner.id)).status).toBe('succeeded')
})

it.each([
  ['completed', ''],
  ['failed', 'finish=fail'],
])('leaves a job alone whose answer (%s) comes when it knows its own', async (_, ending) => {
  const ownersPrompt = uniquePrompt(`Mine [[delay=0 ${ending}]]`)
  const owner = await makeTask(key, { prompt: ownersPrompt, provider: 'aivideoapi.ai' })
  await untilOver(key, owner.id)
  const [ownersJob] = await paidJobs(ownersPrompt)
  const submission = gate()
  const lookUp = gate()
  const held = testPorts({
    wake: async () => undefined,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      if (init?.method === 'POST') await submission.pass()
      else if (String(input).includes(ownersJob?.id ?? '')) await lookUp.pass()
      return response
    },
  })
  const prompt = uniquePrompt('Theirs [[aivideoapi.ai delay=60]]')
  const id = await makeQueued(prompt, { providers: ['aivideoapi.ai', 'gptimage2.ai'] })
  const session = sessionOf(held, id)
  const running = run(session)
  await expect.poll(() => submission.isReached()).toBe(true)
  const [attempt] = await attemptsOf(id)
  const claim = { attemptId: attempt?.id ?? '', reference: ownersJob?.id ?? '' }
  const hinted = await settle(held, id, { type: 'hinted', ...claim })
  session.hear({ version: hinted?.version ?? 0 })
  await expect.poll(() => lookUp.isReached()).toBe(true)
  submission.open()
  await expect.poll(async () => (await attemptsOf(id))[0]?.status).toBe('running')
  lookUp.open()
  await running
  const [job] = await paidJobs(prompt)
  expect(await attemptsOf(id)).toMatchObject([{ status: 'running', reference: job?.id }])
  expect(await paidJobs(prompt)).toHaveLength(1)
})

async function rowsOf(taskId: string): Promise<unknown> {
  const rows = await env.DB.batch([
    env.DB.prepare('select version, status, error from tasks where id = ?').bind(taskId),
    env.DB.prepare('select * from attempts where task_id = ?').bind(taskId),
    env.DB.prepare('select * from outputs where task_id = ?').bind(taskId),
  ])
  return rows.map(({ results }) => results)
}

async function callbackFor(jobId: string): Promise<{ url: string; body: string }> {
  for (let tries = 0; tries < 50; tries++) {
    const found = (await waitingCallbacks()).find(({ body }) => body.includes(jobId))
    if (found) return found
    await scheduler.wait(50)
  }
  throw new Error('The sandbox did not call back.')
}
