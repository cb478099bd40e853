/** What is older than RETENTION_DAYS: pictures, uploads and the client's words go, the ledger stays. */
import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { DAY_MS } from '../../../src/core/time'
import { retentionReachedAt } from '../../../src/db/moments'
import { clearOutdated, removeOldAnswers } from '../../../src/flow/retention'
import worker from '../../../src/index'
import { answerKey } from '../../../src/outputs/answer'
import { outputsPrefix } from '../../../src/outputs/bucket'
import type { UploadJson } from '../../../src/wire/upload'
import {
  call,
  makeKey,
  makeQueued,
  ORIGIN,
  post,
  readTask,
  runTask,
  testPorts,
} from '../world/gateway'
import { lastKeyId } from '../world/rows'

let key: string
beforeAll(async () => {
  key = await makeKey()
})
beforeEach(async () => {
  await env.DB.exec("delete from moments where name = 'retention_reached'")
})

const QUICK = { provider: 'nanobananaapi.dev' }
const objectsOf = async (id: string) =>
  (await env.OUTPUTS.list({ prefix: outputsPrefix(id) })).objects.length

/** One run of the cron's tidying, so many days from now, with a retention of one day. */
async function clearIn(days: number): Promise<void> {
  const ports = testPorts({ now: () => Date.now() + days * DAY_MS + 1 })
  await clearOutdated({ ...ports, settings: { ...ports.settings, retentionDays: 1 } })
}

const runCronWith = (days: string) =>
  worker.scheduled(
    createScheduledController(),
    { ...env, RETENTION_DAYS: days },
    createExecutionContext(),
  )

it('nothing goes unless it is set, and nothing that is young', async () => {
  const { id } = await runTask(key, { prompt: 'A keepsake', ...QUICK })
  await runCronWith('0')
  await runCronWith('1')
  expect(await objectsOf(id)).toBe(1)
  expect((await readTask(key, id)).request.prompt).toBe('A keepsake')
})

it('old pictures, uploads and words go; the task and what it cost stay', async () => {
  const secret = `A leaf ${crypto.randomUUID()}`
  const body = { prompt: secret, negative_prompt: secret, seed: secret, metadata: { secret } }
  const image_urls = [`https://references.example.com/${secret.replaceAll(' ', '_')}`]
  const made = await runTask(key, { ...body, image_urls, provider: 'gptimage2api.org' })
  const picture = await (await call(made.outputs[0]?.url ?? '')).arrayBuffer()
  const upload = await call('/v1/uploads', { method: 'POST', token: key, body: picture })
  const { url } = await upload.json<UploadJson>()
  await clearIn(1)
  expect(await objectsOf(made.id)).toBe(0)
  expect((await call(url)).status).toBe(404)
  const task = await readTask(key, made.id)
  expect(task).toEqual({
    ...made,
    attempts: task.attempts,
    outputs: [],
    metadata: {},
    request: { model: 'gpt-image-2', n: 1 },
  })
  expect(task.attempts.map(({ charged }) => charged)).toEqual(
    made.attempts.map(({ charged }) => charged),
  )
  const gone = await call(`/v1/tasks/${made.id}/outputs/0`, { token: key })
  expect(await gone.json()).toMatchObject({ error: { code: 'not_found' } })
})

it('the messages of a task without pictures go too', async () => {
  const made = await runTask(key, {
    prompt: 'A sin [[submit=moderated]]',
    provider: 'gptimage2.ai',
  })
  expect(made.error?.message).not.toBe('')
  await clearIn(1)
  const task = await readTask(key, made.id)
  expect(task).toMatchObject({
    status: 'failed',
    error: { code: made.error?.code, message: '' },
    attempts: [{ error: { message: '' } }],
    request: { model: 'gpt-image-2', n: 1 },
  })
})

it('an address that is still owed a webhook stays', async () => {
  const callback_url = `https://client.example.com/ok/${crypto.randomUUID()}`
  const { id } = await runTask(key, { prompt: 'A debt', callback_url, ...QUICK })
  await clearIn(1)
  expect((await readTask(key, id)).request).toEqual({ model: 'gpt-image-2', n: 1, callback_url })
})

it('a task that is not over is left alone', async () => {
  const id = await makeQueued('A sleeper', {}, await lastKeyId())
  await clearIn(1)
  expect((await readTask(key, id)).request.prompt).toBe('A sleeper')
  await call(`/v1/tasks/${id}/cancel`, { method: 'POST', token: key })
})

it('a run does a bounded piece, and the next one goes on where it ended', async () => {
  const made = await Promise.all(
    Array.from({ length: 130 }, (_, n) =>
      post('/v1/tasks', key, { prompt: `${n} [[submit=400]]`, ...QUICK }),
    ),
  )
  expect(made.every(({ status }) => status === 202)).toBe(true)
  const open = env.DB.prepare('select count(*) as n from tasks where completed_at is null')
  await expect.poll(() => open.first('n')).toBe(0)
  const left = env.DB.prepare("select count(*) as n from tasks where request like '%submit=400%'")
  await clearIn(1)
  const leftAfterOne = await left.first<number>('n')
  expect(leftAfterOne).toBeGreaterThan(0)
  expect(leftAfterOne).toBeLessThanOrEqual(130)
  const reachedAt = await retentionReachedAt(testPorts().database)
  expect(reachedAt).toBeLessThan(Date.now())
  await clearIn(1)
  await clearIn(1)
  expect(await left.first('n')).toBe(0)
  // Everything is known to be cleared, so nothing is written once more.
  const versions = env.DB.prepare('select sum(version) as n from tasks')
  const before = await versions.first('n')
  await env.DB.exec("delete from moments where name = 'retention_reached'")
  await clearIn(1)
  expect(await versions.first('n')).toBe(before)
})

it('a picture whose row is gone goes by its own age', async () => {
  const { id } = await runTask(key, { prompt: 'An orphan', ...QUICK })
  await env.DB.prepare('delete from tasks where id = ?').bind(id).run()
  await clearIn(1)
  expect(await objectsOf(id)).toBe(0)
})

it('an answer that was kept for its pictures goes after a day', async () => {
  const kept = answerKey('att_01a1fc396d7f7c1e8f0a1b2c3d4e5f60')
  await env.OUTPUTS.put(kept, '{}')
  await removeOldAnswers(testPorts())
  expect(await env.OUTPUTS.head(kept)).not.toBeNull()
  await removeOldAnswers(testPorts({ now: () => Date.now() + DAY_MS + 1 }))
  expect(await env.OUTPUTS.head(kept)).toBeNull()
})

it('the setting has to be a whole number', async () => {
  const settings = { ...env, RETENTION_DAYS: 'forever' }
  const request = new Request(`${ORIGIN}/healthz`)
  const response = await worker.fetch(request, settings, createExecutionContext())
  expect(await response.text()).toContain('RETENTION_DAYS')
})
