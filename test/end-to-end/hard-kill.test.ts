/**
 * The gateway is killed, twice, with tasks in every state, and comes back with its data as it was.
 *
 * Nothing may be bought again, every task must end by its own deadline, and every picture that the
 * gateway can know of must be stored as the provider made it. A submission that was cut off keeps
 * its lease for longer than this test lasts, so its task is one that the deadline ends.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Imagegate, type ProviderId, type Task } from '../../client/index.ts'
import type { Job, SubmissionRecord } from '../../sandbox/jobs.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'
import { KillableGateway } from './killable-gateway.ts'

const GIVE_UP_MS = 90_000
const PAUSE_MS = 100
/** A deadline is met by the next sweep, or by the one after it on a busy machine. */
const LATE_MS = 10_000
const ANSWERING = 'nanobananaapi.dev'
const PROVIDERS: ProviderId[] = ['aivideoapi.ai', 'gptimage2api.org', 'gptimage2.ai', ANSWERING]
/** Done at once, soon, and after the first kill; the last ones are answered only after it. */
const FIRST = ['delay=0', 'delay=1', 'delay=6', 'hold=8 delay=4', 'hold=8 delay=1']
const JUST_ACCEPTED = ['delay=1', 'delay=2']
const SECOND = ['hold=8 delay=2']

interface Placed {
  id: string
  prompt: string
  provider: string
  deadlineSeconds: number
}

let data: string
let sandbox: SandboxServer
let gateway: KillableGateway
let client: Imagegate

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imagegate-kill-'))
  sandbox = await startSandbox(0)
  gateway = new KillableGateway(sandbox.origin, data)
  await gateway.start()
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  const { key } = await operator.keys.create({ name: 'test' })
  client = new Imagegate({ baseUrl: gateway.url, apiKey: key })
}, 60_000)

afterAll(async () => {
  await gateway.kill()
  sandbox.close()
  await rm(data, { recursive: true, force: true })
})

async function place(directives: string[], deadlineSeconds: number): Promise<Placed[]> {
  const orders = PROVIDERS.flatMap((provider) =>
    directives.map((directive) => ({
      provider,
      prompt: `${crypto.randomUUID()} [[${directive}]]`,
    })),
  )
  return Promise.all(
    orders.map(async ({ provider, prompt }) => {
      const body = { prompt, provider, deadline_seconds: deadlineSeconds }
      return { id: (await client.tasks.create(body)).id, prompt, provider, deadlineSeconds }
    }),
  )
}

const readAll = (placed: Placed[]): Promise<Task[]> =>
  Promise.all(placed.map(({ id }) => client.tasks.get(id)))

const isOver = ({ completed_at }: Task) => completed_at !== null

const attemptStatuses = (tasks: Task[]) => tasks.map(({ attempts }) => attempts[0]?.status)

async function until(placed: Placed[], isReached: (tasks: Task[]) => boolean) {
  const givesUpAt = Date.now() + GIVE_UP_MS
  for (;;) {
    const tasks = await readAll(placed)
    if (isReached(tasks)) return tasks
    if (Date.now() > givesUpAt) throw new Error(`gave up waiting: ${JSON.stringify(tasks)}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

async function sandboxSays(what: 'submissions', prompt: string): Promise<SubmissionRecord[]>
async function sandboxSays(what: 'jobs', prompt: string): Promise<Job[]>
async function sandboxSays(what: string, prompt: string): Promise<unknown> {
  const query = encodeURIComponent(prompt.split(' ')[0] ?? '')
  const response = await fetch(`${sandbox.origin}/_sandbox/${what}?prompt=${query}`)
  return response.json()
}

async function bytesAt(url: string): Promise<Buffer> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

/** The gateway has its job's id, or its whole answer. */
const isKnown = ({ attempts: [attempt] }: Task) =>
  attempt?.provider_task_id != null || attempt?.status === 'succeeded'

/** The one job of a task, if there is one, and its picture where the gateway can know of it. */
async function check(placed: Placed, task: Task): Promise<void> {
  const { prompt, provider, deadlineSeconds } = placed
  const tookMs = Date.parse(task.completed_at ?? '') - Date.parse(task.created_at)
  expect(tookMs).toBeLessThan(deadlineSeconds * 1000 + LATE_MS)
  expect((await sandboxSays('submissions', prompt)).length).toBeLessThanOrEqual(1)
  const [job, ...more] = await sandboxSays('jobs', prompt)
  expect(more).toEqual([])
  expect(task.attempts).toHaveLength(1)
  if (isKnown(task)) {
    expect(task.status, JSON.stringify(task)).toBe('succeeded')
    if (provider !== ANSWERING) expect(task.attempts[0]?.provider_task_id).toBe(job?.id)
    const made = await bytesAt(`${sandbox.origin}/${provider}/files/${job?.id}/0.png`)
    expect((await bytesAt(task.outputs[0]?.url ?? '')).equals(made)).toBe(true)
  } else {
    expect(task).toMatchObject({ status: 'failed', outputs: [], cost: { charged: 'unknown' } })
    expect(['submit_outcome_unknown', 'timed_out']).toContain(task.error?.code)
  }
}

it('is killed with everything under way and loses nothing', async () => {
  const first = await place(FIRST, 60)
  expect(first).toHaveLength(20)
  const beforeFirst = await until(first, (tasks) => {
    const statuses = attemptStatuses(tasks)
    const count = (status: string) => statuses.filter((other) => other === status).length
    return count('submitting') >= 6 && count('running') >= 3 && count('succeeded') >= 4
  })
  const accepted = await place(JUST_ACCEPTED, 30)
  await gateway.kill()
  await gateway.start()

  const second = await place(SECOND, 30)
  await until(second, (tasks) => attemptStatuses(tasks).every((status) => status === 'submitting'))
  const all = [...first, ...accepted, ...second]
  const beforeSecond = await readAll(all)
  await gateway.kill()
  await gateway.start()

  const tasks = await until(all, (list) => list.every(isOver))
  for (const [position, placed] of all.entries()) {
    const task = tasks[position]
    if (task) await check(placed, task)
  }

  const known = [...beforeFirst, ...beforeSecond].filter(isKnown).map(({ id }) => id)
  const succeeded = tasks.filter(({ status }) => status === 'succeeded').map(({ id }) => id)
  expect(succeeded).toEqual(expect.arrayContaining(known))
  // Both kills cut some submissions off; a callback may bring a job of aivideoapi.ai back.
  for (const [placed, least] of [
    [first, 4],
    [second, PROVIDERS.length - 1],
  ] as const) {
    const lost = placed.filter(({ id }) => !succeeded.includes(id))
    expect(lost.length).toBeGreaterThanOrEqual(least)
  }
})
