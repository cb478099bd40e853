/** A waiter and its runner, whose memory may be gone at any time: as by its sleep, or a deployment. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTask } from '../../../src/db/tasks'
import { Audience, listen, UNTIL_OVER } from '../../../src/flow/audience'
import { follow } from '../../../src/flow/wait'
import type { TaskRunner } from '../../../src/runner'
import {
  backdate,
  call,
  makeKey,
  makeTask,
  readTask,
  runCron,
  runTask,
  testPorts,
} from '../world/gateway'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

/** Its provider calls back, so that its runner has nothing to do meanwhile. */
const LONG = { prompt: 'A vigil [[delay=60]]', provider: 'aivideoapi.ai' }
/** A runner that nobody knows of yet. */
const newRunner = () => env.RUNNER.getByName(crypto.randomUUID())

const listeners = (runner: DurableObjectStub<TaskRunner>) =>
  runInDurableObject(runner, (_, state) => state.getWebSockets().length)

/** A task at its provider, and a client that waits for it. */
async function makeAwaited() {
  const { id } = await makeTask(key, LONG)
  const isRunning = async () => (await readTask(key, id)).attempts
  await expect.poll(isRunning).toMatchObject([{ status: 'running' }])
  const waiting = call(`/v1/tasks/${id}?wait=30`, { token: key })
  const runner = env.RUNNER.getByName(id)
  await expect.poll(() => listeners(runner)).toBe(1)
  return { id, runner, waiting }
}

async function timeOut(id: string): Promise<void> {
  await backdate(id, 'deadline_at')
  await backdate(id, 'due_at')
  await runCron()
}

describe('a client that waits', () => {
  it('is told by a runner that was out of memory meanwhile', async () => {
    const { id, runner, waiting } = await makeAwaited()
    const before = await runInDurableObject(runner, (instance: TaskRunner) => instance)
    await evictDurableObject(runner)
    expect(await runInDurableObject(runner, (it: TaskRunner) => it === before)).toBe(false)
    const startedAt = Date.now()
    await timeOut(id)
    expect(await (await waiting).json()).toMatchObject({ status: 'failed' })
    expect(Date.now() - startedAt).toBeLessThan(5_000)
    await expect.poll(() => listeners(runner)).toBe(0)
  })

  it('comes back to a runner that a deployment took from it', async () => {
    const { id, runner, waiting } = await makeAwaited()
    await evictDurableObject(runner, { webSockets: 'close' })
    expect(await listeners(runner)).toBe(0)
    await expect.poll(() => listeners(runner), { timeout: 5_000 }).toBe(1)
    const startedAt = Date.now()
    await timeOut(id)
    expect(await (await waiting).json()).toMatchObject({ status: 'failed' })
    expect(Date.now() - startedAt).toBeLessThan(5_000)
  })

  it('has one socket while nothing changes, and reads as often as it looks', async () => {
    const { id } = await makeTask(key, LONG)
    const task = await loadTask(testPorts().database, id)
    if (!task) throw new Error('The task is gone.')
    const past: number[] = []
    const untilPast = async (_: string, version: number, leaving: AbortSignal) => {
      past.push(version)
      await new Promise<void>((resolve) => leaving.addEventListener('abort', () => resolve()))
    }
    const ports = testPorts({ untilPast, sleep: () => scheduler.wait(10) })
    const seen: number[] = []
    for await (const { version } of follow(ports, { ...task, version: 1_000 }, 60_000)) {
      if (seen.push(version) === 5) break
    }
    expect(seen[0]).toBe(1_000)
    expect(past).toEqual([1_000])
  })

  it('leaves nothing behind at its runner', async () => {
    const { id } = await runTask(key, { prompt: 'A sprinter', provider: 'nanobananaapi.dev' })
    const runner = env.RUNNER.getByName(id)
    const rows = () =>
      runInDurableObject(runner, async (_, state) => (await state.storage.list()).size)
    await expect.poll(rows).toBe(0)
    const leaving = new AbortController()
    const listening = listen(runner, 1_000, leaving.signal)
    await expect.poll(() => listeners(runner)).toBe(1)
    leaving.abort()
    await listening
    await expect.poll(() => listeners(runner)).toBe(0)
    expect(await rows()).toBe(0)
  })
})

describe('a runner', () => {
  const nobody = new AbortController().signal

  it('tells those at once who know less than it does, and the others when there is news', async () => {
    const runner = newRunner()
    const hear = (version: number) => runner.wake('task_none', { version })
    await hear(3)
    await listen(runner, 2, nobody)
    const told: number[] = []
    const waiting = [3, 4, 5].map((version) =>
      listen(runner, version, nobody).then(() => told.push(version)),
    )
    await expect.poll(() => listeners(runner)).toBe(3)
    await hear(5)
    await expect.poll(() => told.sort()).toEqual([3, 4])
    await hear(6)
    await Promise.all(waiting)
  })

  it('tells those who wait for the end of nothing else', async () => {
    const { id } = await runTask(key, { prompt: 'A finale', provider: 'nanobananaapi.dev' })
    const over = await loadTask(testPorts().database, id)
    if (!over) throw new Error('The task is gone.')
    const runner = newRunner()
    const told: string[] = []
    const listening = (version: number, name: string) =>
      listen(runner, version, nobody).then(() => told.push(name))
    const waiting = [listening(UNTIL_OVER, 'end'), listening(over.version - 1, 'change')]
    await expect.poll(() => listeners(runner)).toBe(2)
    await runner.wake(id, { version: over.version })
    await expect.poll(() => listeners(runner)).toBe(1)
    expect(told).toEqual(['change'])
    await runner.wake(id, { version: over.version, task: over })
    await Promise.all(waiting)
    await listen(runner, UNTIL_OVER, nobody)
  })

  it('tells the others although one can not be told', async () => {
    await runInDurableObject(newRunner(), async (_, state) => {
      const { 0: unaccepted } = new WebSocketPair()
      const { 0: far, 1: near } = new WebSocketPair()
      far.accept()
      const closed = new Promise((resolve) => far.addEventListener('close', resolve))
      near.accept()
      const sockets = [unaccepted, near]
      for (const socket of sockets) socket.serializeAttachment(1)
      expect(() => unaccepted.close(4000)).toThrow()
      const audience = new Audience({
        acceptWebSocket: (socket) => state.acceptWebSocket(socket),
        getWebSockets: () => sockets,
      })
      audience.tell(2, false)
      expect(await closed).toMatchObject({ code: 4000 })
    })
  })

  it('takes nothing else', async () => {
    const upgrade = { Upgrade: 'websocket' }
    const statusOf = async (headers: Record<string, string>) =>
      (await newRunner().fetch('https://runner', { headers })).status
    expect(await statusOf({})).toBe(426)
    expect(await statusOf({ 'Past-Version': '1' })).toBe(426)
    expect(await statusOf(upgrade)).toBe(426)
    expect(await statusOf({ ...upgrade, 'Past-Version': 'one' })).toBe(426)
  })
})
