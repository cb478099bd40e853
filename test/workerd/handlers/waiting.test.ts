/** Waiting for a task: `Prefer: wait`, `?wait` and the event stream, and what waiting costs. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import worker from '../../../src/index'
import type { TaskJson } from '../../../src/wire/task'
import { call, makeKey, makeTask, ORIGIN, post, readTask, runCron, runTask } from '../world/gateway'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

const QUICK = { prompt: 'A sprinter', provider: 'nanobananaapi.dev' }
const SLOW = { prompt: 'A snail [[delay=2]]', provider: 'nanobananaapi.dev' }
/** Still at work when the test is long over. */
const NEVER = { prompt: 'A vigil [[delay=60]]', provider: 'gptimage2.ai' }

interface ServerSentEvent {
  id: number
  task: TaskJson
}

/** The events of a whole stream, and how many comments came between them. */
async function readEvents(response: Response) {
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '')
  const events = blocks.flatMap((block): ServerSentEvent[] => {
    const [, id, data] = /^id: (\d+)\nevent: task\ndata: (.+)$/.exec(block) ?? []
    return id && data ? [{ id: Number(id), task: JSON.parse(data) }] : []
  })
  return { events, comments: blocks.filter((block) => block.startsWith(':')).length }
}

const follow = (id: string, headers = {}) => call(`/v1/tasks/${id}/events`, { token: key, headers })

describe('Prefer: wait', () => {
  it('holds the answer until the task is over', async () => {
    const response = await post('/v1/tasks', key, QUICK, { prefer: 'wait=30' })
    expect(response.status).toBe(200)
    expect(response.headers.get('preference-applied')).toBe('wait=30')
    expect(await response.json()).toMatchObject({ status: 'succeeded', outputs: [{ index: 0 }] })
  })

  it('lets go when the time is up', async () => {
    const prefer = 'respond-async, wait=1'
    const response = await post('/v1/tasks', key, NEVER, { prefer })
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({ status: 'processing' })
  })
})

it('an accepted task is not refused because a read of it fails', async () => {
  const prompt = crypto.randomUUID()
  const made = env.DB.prepare("select id from tasks where request like '%' || ? || '%'").bind(
    prompt,
  )
  const failing = new Proxy(env.DB, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (name !== 'batch') return value.bind(target)
      return async (statements: D1PreparedStatement[]) => {
        if (await made.first()) throw new Error('D1_ERROR: Network connection lost.')
        return target.batch(statements)
      }
    },
  })
  const context = createExecutionContext()
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ ...NEVER, prompt: `${prompt} ${NEVER.prompt}` })
  const request = new Request(`${ORIGIN}/v1/tasks`, {
    method: 'POST',
    headers: { ...headers, prefer: 'wait=2' },
    body,
  })
  const response = await worker.fetch(request, { ...env, DB: failing }, context)
  await waitOnExecutionContext(context)
  expect(response.status).toBe(202)
  expect(await response.json()).toMatchObject({ id: (await made.first())?.id })
})

describe('?wait', () => {
  it('holds the answer until the task is over', async () => {
    const { id } = await makeTask(key, SLOW)
    const response = await call(`/v1/tasks/${id}?wait=30`, { token: key })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'succeeded' })
  })

  it.each(['61', '-1', 'long', '1.5', ''])('refuses %j', async (wait) => {
    const response = await call(`/v1/tasks/x?wait=${wait}`, { token: key })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param: 'wait' } })
  })

  it('is told what the cron decided', async () => {
    const { id } = await makeTask(key, NEVER)
    const waiting = call(`/v1/tasks/${id}?wait=30`, { token: key })
    await scheduler.wait(500)
    await env.DB.prepare('update tasks set deadline_at = 1, due_at = 1 where id = ?').bind(id).run()
    const startedAt = Date.now()
    await runCron()
    expect(await (await waiting).json()).toMatchObject({ status: 'failed' })
    expect(Date.now() - startedAt).toBeLessThan(10_000)
  })
})

describe('the event stream', () => {
  it('shows each change once and ends after the last', async () => {
    const { id } = await makeTask(key, SLOW)
    const response = await follow(id)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const { events } = await readEvents(response)
    const statuses = events.map(({ task }) => task.status)
    expect(statuses.at(-1)).toBe('succeeded')
    expect(statuses).toContain('processing')
    const ids = events.map((event) => event.id)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  })

  it('goes on after the last event that the client has seen', async () => {
    const task = await runTask(key, QUICK)
    const { events } = await readEvents(await follow(task.id))
    const last = events.at(-1)?.id ?? 0
    const again = await readEvents(await follow(task.id, { 'last-event-id': String(last - 1) }))
    expect(again.events.map(({ id }) => id)).toEqual([last])
    const after = await follow(task.id, { 'last-event-id': String(last) })
    expect(after.status).toBe(200)
    expect(await after.text()).toBe('')
  })

  it('says that it is still there', async () => {
    const { id } = await makeTask(key, {
      prompt: 'A monk [[delay=12]]',
      provider: 'nanobananaapi.dev',
    })
    const { events, comments } = await readEvents(await follow(id))
    expect(comments).toBeGreaterThanOrEqual(1)
    expect(events.at(-1)?.task.status).toBe('succeeded')
  })

  it('is silent about a version that shows nothing new', async () => {
    const { id } = await makeTask(key, NEVER)
    const reading = follow(id).then(readEvents)
    const update = async (change: string) => {
      const statement = `update tasks set ${change}, version = version + 1 where id = ?`
      await env.DB.prepare(statement).bind(id).run()
      await runCron()
    }
    await expect
      .poll(async () => (await readTask(key, id)).attempts)
      .toMatchObject([{ status: 'running' }])
    for (let time = 0; time < 3; time++) {
      await update('due_at = 1')
      await scheduler.wait(300)
    }
    await update('deadline_at = 1, due_at = 1')
    const { events } = await reading
    const shown = events.map(({ task }) => JSON.stringify(task))
    expect(shown).toEqual([...new Set(shown)])
    expect(events.at(-1)?.task.status).toBe('failed')
  })

  it('survives a client that goes away', async () => {
    const { id } = await makeTask(key, SLOW)
    const reader = (await follow(id)).body?.getReader()
    expect((await reader?.read())?.done).toBe(false)
    await reader?.cancel()
    const { events } = await readEvents(await follow(id))
    expect(events.at(-1)?.task.status).toBe('succeeded')
  })

  it('is closed to another key', async () => {
    const { id } = await makeTask(key, QUICK)
    const other = await makeKey()
    expect((await call(`/v1/tasks/${id}/events`, { token: other })).status).toBe(404)
  })
})

it('costs one read for each change while it waits', async () => {
  const { id } = await makeTask(key, {
    prompt: 'A clock [[delay=3]]',
    provider: 'nanobananaapi.dev',
  })
  await expect
    .poll(async () => await (await call(`/v1/tasks/${id}`, { token: key })).json<TaskJson>())
    .toMatchObject({ status: 'processing' })
  let calls = 0
  const counting = new Proxy(env.DB, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (name === 'batch') calls++
      return value.bind(target)
    },
  })
  const context = createExecutionContext()
  const request = new Request(`${ORIGIN}/v1/tasks/${id}?wait=20`, {
    headers: { authorization: `Bearer ${key}` },
  })
  const response = await worker.fetch(request, { ...env, DB: counting }, context)
  const task = await response.json<TaskJson>()
  await waitOnExecutionContext(context)
  expect(task.status).toBe('succeeded')
  // At the beginning, when the picture was announced, when it was stored.
  expect(calls).toBeLessThanOrEqual(3)
})
