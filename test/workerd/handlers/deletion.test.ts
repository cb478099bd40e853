/** Cancelling and deleting. */
import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { News } from '../../../src/core/news'
import { ERASE_AGAIN_MS } from '../../../src/core/schedule'
import { openDatabase } from '../../../src/db/database'
import { loadTask } from '../../../src/db/tasks'
import { forget } from '../../../src/flow/forget'
import { settle } from '../../../src/flow/settle'
import { store } from '../../../src/flow/store'
import worker from '../../../src/index'
import { answerKey } from '../../../src/outputs/answer'
import { outputsPrefix } from '../../../src/outputs/bucket'
import type { TaskJson } from '../../../src/wire/task'
import {
  ADMIN_TOKEN,
  backdate,
  call,
  makeKey,
  makeQueued,
  makeTask,
  ORIGIN,
  post,
  readTask,
  runTask,
  sessionOf,
  testPorts,
  until,
  untilOver,
} from '../world/gateway'
import { lastKeyId } from '../world/rows'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

const QUICK = { provider: 'nanobananaapi.dev' }
const remove = (id: string, token = key) => call(`/v1/tasks/${id}`, { method: 'DELETE', token })
const cancel = (id: string, token = key) =>
  call(`/v1/tasks/${id}/cancel`, { method: 'POST', token })
const objectsOf = async (id: string) =>
  (await env.OUTPUTS.list({ prefix: outputsPrefix(id) })).objects.length

const isSuccess = ({ status }: { status: string }) => status === 'succeeded'
const slotsOf = async (id: string) =>
  (await env.DB.prepare('select * from outputs where task_id = ?').bind(id).all()).results
const dueAt = (id: string) =>
  env.DB.prepare('select due_at from tasks where id = ?').bind(id).first<number>('due_at')

const makeSleeper = async (callback_url?: string) =>
  makeQueued('A sleeper', callback_url ? { callback_url } : {}, await lastKeyId())

/** The database, which loses the answer to the write that makes something true. */
function losingOneAnswer(isTrue: () => Promise<boolean>) {
  let isLost = false
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await env.DB.batch(statements)
    if (isLost || !(await isTrue())) return results
    isLost = true
    throw new Error('D1_ERROR: Network connection lost.')
  }
  const DB = new Proxy(env.DB, {
    get: (target, name) => {
      if (name === 'batch') return batch
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { DB, isLost: () => isLost }
}

describe('cancelling', () => {
  it('ends a task that nobody was asked to make', async () => {
    const url = `https://client.example.com/ok/${crypto.randomUUID()}`
    const id = await makeSleeper(url)
    const response = await cancel(id)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      status: 'canceled',
      completed_at: expect.any(String),
      attempts: [],
      cost: { charged: 'no' },
    })
    const again = await cancel(id)
    expect(again.status).toBe(409)
    expect(await again.json()).toMatchObject({ error: { code: 'task_not_cancelable' } })
    const path = encodeURIComponent(new URL(url).pathname)
    const received = async () => (await fetch(`https://client.example.com/?path=${path}`)).text()
    await expect.poll(received).toContain('task.canceled')
  })

  it('is answered as done although the database lost the answer', async () => {
    const id = await makeSleeper()
    const isCanceled = async () => (await readTask(ADMIN_TOKEN, id)).status === 'canceled'
    const lost = losingOneAnswer(isCanceled)
    const headers = { authorization: `Bearer ${key}` }
    const request = new Request(`${ORIGIN}/v1/tasks/${id}/cancel`, { method: 'POST', headers })
    const response = await worker.fetch(request, { ...env, DB: lost.DB }, createExecutionContext())
    expect(lost.isLost()).toBe(true)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'canceled' })
  })

  it('is too late once a provider was asked', async () => {
    const { id } = await makeTask(key, { prompt: 'A tide [[delay=1]]', ...QUICK })
    await until(key, id, ({ status }) => status === 'processing')
    expect((await cancel(id)).status).toBe(409)
    expect((await readTask(key, id)).status).toBe('processing')
  })

  it("is for the task's own key", async () => {
    const id = await makeSleeper()
    expect((await cancel(id, await makeKey())).status).toBe(404)
    expect((await cancel(id, ADMIN_TOKEN)).status).toBe(403)
    expect((await cancel('task_none')).status).toBe(404)
    expect((await readTask(ADMIN_TOKEN, id)).status).toBe('queued')
  })
})

describe('deleting', () => {
  it('removes pictures and prompt and leaves the ledger', async () => {
    const url = 'https://references.example.com/private.png'
    const prompt = `A secret ${crypto.randomUUID()}`
    const { id } = await runTask(key, {
      prompt,
      image_urls: [url],
      metadata: { a: prompt },
      ...QUICK,
    })
    expect(await objectsOf(id)).toBe(1)
    expect((await remove(id)).status).toBe(204)
    expect(await objectsOf(id)).toBe(0)

    const gone = await call(`/v1/tasks/${id}`, { token: key })
    const never = await call('/v1/tasks/task_none', { token: key })
    expect(gone.status).toBe(404)
    expect(await gone.text()).toBe(await never.text())
    expect((await remove(id)).status).toBe(404)
    for (const path of ['outputs/0', 'events', 'deliveries']) {
      expect((await call(`/v1/tasks/${id}/${path}`, { token: key })).status).toBe(404)
    }
    const { results } = await env.DB.prepare(
      'select * from tasks left join outputs on outputs.task_id = tasks.id where tasks.id = ?',
    )
      .bind(id)
      .all()
    expect(JSON.stringify(results)).not.toContain(prompt)
    expect(JSON.stringify(results)).not.toContain(url)
    const ledger = await env.DB.prepare('select charged from attempts where task_id = ?').bind(id)
    expect(await ledger.all()).toMatchObject({ results: [{ charged: 'yes' }] })
    const list = await (await call('/v1/tasks?limit=100', { token: key })).text()
    expect(list).not.toContain(id)
  })

  it('has to wait for the end', async () => {
    const { id } = await makeTask(key, { prompt: 'A tide [[delay=1]]', ...QUICK })
    const response = await remove(id)
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ error: { code: 'task_not_terminal' } })
  })

  it("is for the task's own key", async () => {
    const { id } = await runTask(key, { prompt: 'A safe', ...QUICK })
    expect((await remove(id, await makeKey())).status).toBe(404)
    expect((await remove(id, ADMIN_TOKEN)).status).toBe(403)
    expect(await objectsOf(id)).toBe(1)
  })

  it('keeps its idempotency key, so that a late repeat does not pay again', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID(), prefer: 'wait=30' }
    const body = { prompt: 'A ticket', ...QUICK }
    const { id } = await (await post('/v1/tasks', key, body, headers)).json<TaskJson>()
    await remove(id)
    const repeat = await post('/v1/tasks', key, body, headers)
    expect(repeat.status).toBe(404)
    expect(await repeat.json()).toMatchObject({ error: { code: 'task_not_found' } })
  })

  it('is done although the bucket fails just then', async () => {
    const { id } = await runTask(key, { prompt: 'A knot', ...QUICK })
    const failing = new Proxy(env.OUTPUTS, {
      get() {
        throw new Error('internal error; retry')
      },
    })
    const request = new Request(`${ORIGIN}/v1/tasks/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${key}` },
    })
    const context = createExecutionContext()
    const response = await worker.fetch(request, { ...env, OUTPUTS: failing }, context)
    expect(response.status).toBe(204)
    await waitOnExecutionContext(context)
    await expect.poll(() => objectsOf(id)).toBe(0)
  })

  it('is told to the runner although the database lost the answer', async () => {
    const { id } = await runTask(key, { prompt: 'A secret', ...QUICK })
    const deletedAt = () =>
      env.DB.prepare('select deleted_at from tasks where id = ?').bind(id).first('deleted_at')
    const lost = losingOneAnswer(async () => (await deletedAt()) !== null)
    const told: News[] = []
    const ports = testPorts({
      database: openDatabase(lost.DB),
      wake: async (_, news) => void told.push(news),
    })
    const task = await loadTask(ports.database, id)
    if (task) await forget(ports, task)
    expect(lost.isLost()).toBe(true)
    expect(told).toMatchObject([{ task: { deletedAt: expect.any(Number) } }])
  })

  it('takes an answer with it that came in meanwhile', async () => {
    const request = { prompt: 'A latecomer [[submit=moderated]]', ...QUICK }
    const { id, attempts } = await runTask(key, request)
    await remove(id)
    expect(await dueAt(id)).toBeNull()
    const answer = answerKey(attempts[0]?.id ?? '')
    await env.OUTPUTS.put(answer, '{}')
    await env.RUNNER.getByName(id).wake(id, { version: 0 })
    await expect.poll(() => env.OUTPUTS.head(answer)).toBeNull()
  })

  it('goes on in the runner when it broke off', async () => {
    const { id } = await runTask(key, { prompt: 'A half', ...QUICK })
    await settle(testPorts(), id, { type: 'deleted' })
    expect(await objectsOf(id)).toBe(1)
    await worker.scheduled(createScheduledController(), env, createExecutionContext())
    await expect.poll(() => objectsOf(id)).toBe(0)
  })

  it('leaves no picture that was still on its way', async () => {
    const { id } = await makeTask(key, { prompt: 'A bird [[picture=500]]', n: 2, ...QUICK })
    await until(key, id, ({ attempts }) => attempts.filter(isSuccess).length === 2)
    await backdate(id, 'deadline_at')
    await untilOver(key, id)
    const other = await runTask(key, { prompt: 'A nest', ...QUICK })
    const picture = await (await call(other.outputs[0]?.url ?? '')).arrayBuffer()
    let removed: Response | null = null
    const ports = testPorts({
      fetch: async () => {
        removed = await remove(id)
        return new Response(picture)
      },
    })
    await store(sessionOf(testPorts({ fetch: async () => new Response(picture) }), id), 0)
    await store(sessionOf(ports, id), 1)
    expect(removed).toMatchObject({ status: 204 })
    expect(await objectsOf(id)).toBe(1)
    expect(await slotsOf(id)).toMatchObject([{ sha256: null }, { sha256: null }])
    await backdate(id, 'due_at')
    await backdate(id, 'deleted_at', ERASE_AGAIN_MS)
    await worker.scheduled(createScheduledController(), env, createExecutionContext())
    await expect.poll(() => objectsOf(id)).toBe(0)
    await expect.poll(() => dueAt(id)).toBeNull()
  })
})
