/** A run waits for no slow call: each goes its own way, once at a time. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { run } from '../../../src/flow/run'
import { settle } from '../../../src/flow/settle'
import { sweep } from '../../../src/flow/sweep'
import { gate } from '../world/gate'
import { backdate, makeQueued, sessionOf, testPorts } from '../world/gateway'

const asleep = { wake: async () => undefined }
const SYNCHRONOUS = { provider: 'nanobananaapi.dev' } as const

const storedSlots = async (id: string) => {
  const statement = 'select "index" from outputs where task_id = ? and stored_at is not null'
  return (await env.DB.prepare(statement).bind(id).all<{ index: number }>()).results
}

/** Downloads of which only so many go on at once, the others when they are released. */
function heldDownloads(free: number) {
  const asked: string[] = []
  const held = gate()
  const fetchHeld: typeof fetch = async (input, init) => {
    if (init?.method !== undefined) return fetch(input, init)
    asked.push(String(input))
    if (asked.length > free) await held.pass()
    return fetch(input, init)
  }
  return { asked, release: held.open, fetch: fetchHeld }
}

describe('a run', () => {
  it('stores one picture while the download of another one hangs', async () => {
    const downloads = heldDownloads(1)
    const ports = testPorts({ ...asleep, fetch: downloads.fetch })
    const id = await makeQueued('A pair', { ...SYNCHRONOUS, n: 2 })
    const running = run(sessionOf(ports, id))
    await expect.poll(() => storedSlots(id)).toHaveLength(1)
    expect(downloads.asked).toHaveLength(2)
    downloads.release()
    expect(await running).toBeNull()
    expect(await storedSlots(id)).toHaveLength(2)
  })

  it('downloads a picture once, however often it is woken meanwhile', async () => {
    const downloads = heldDownloads(0)
    const ports = testPorts({ ...asleep, fetch: downloads.fetch })
    const id = await makeQueued('A single', SYNCHRONOUS)
    const session = sessionOf(ports, id)
    const running = run(session)
    await expect.poll(() => downloads.asked).toHaveLength(1)
    for (const _ of [1, 2]) {
      session.hear({ version: 0 })
      await scheduler.wait(1_100)
    }
    downloads.release()
    expect(await running).toBeNull()
    expect(downloads.asked).toHaveLength(1)
  })

  it('asks for a job once, however long the provider takes to answer', async () => {
    let asked = 0
    let passedMs = 0
    const ports = testPorts({
      ...asleep,
      now: () => Date.now() + passedMs,
      fetch: async (input, init) => {
        if (init?.method === 'GET') {
          asked++
          await scheduler.wait(1_500)
        }
        return fetch(input, init)
      },
    })
    const id = await makeQueued('A tree [[delay=60]]', { provider: 'aivideoapi.ai', n: 2 })
    const session = sessionOf(ports, id)
    const nextAt = (await run(session)) ?? 0
    expect(asked).toBe(0)
    passedMs = nextAt - Date.now()
    expect(passedMs).toBeGreaterThan(10_000)
    expect(await run(session)).toBeGreaterThan(nextAt)
    expect(asked).toBe(2)
  })

  it('ends a task whose download hangs beyond its deadline', async () => {
    const downloads = heldDownloads(0)
    let passedMs = 0
    const now = () => Date.now() + passedMs
    const ports = testPorts({ ...asleep, now, fetch: downloads.fetch })
    const id = await makeQueued('A laggard', SYNCHRONOUS)
    const session = sessionOf(ports, id)
    const running = run(session)
    await expect.poll(() => downloads.asked).toHaveLength(1)
    passedMs = ports.settings.taskDeadlineSeconds * 1000
    session.hear({ version: 0 })
    const status = env.DB.prepare('select status from tasks where id = ?').bind(id)
    await expect.poll(() => status.first('status')).toBe('failed')
    downloads.release()
    await running
    expect(await storedSlots(id)).toHaveLength(1)
  })
})

it('a runner that does not answer keeps the sweep from nobody else', async () => {
  const woken: string[] = []
  let deaf = ''
  const ports = testPorts({
    wake: (id) => {
      woken.push(id)
      return id === deaf ? new Promise(() => undefined) : Promise.resolve()
    },
  })
  deaf = await makeQueued('A stone', SYNCHRONOUS)
  const other = await makeQueued('An ear', SYNCHRONOUS)
  for (const id of [deaf, other]) await backdate(id, 'due_at')
  await sweep({ ...ports, settings: { ...ports.settings, tickSeconds: 0 } })
  expect(woken).toEqual(expect.arrayContaining([deaf, other]))
  for (const id of [deaf, other]) await settle(ports, id, { type: 'canceled' })
})
