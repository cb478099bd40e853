/** The gateway under test, spoken to as a client would, with the cron and callbacks by hand. */
import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import type { Job, SubmissionRecord } from '../../../sandbox/jobs'
import type { TaskRequest } from '../../../src/core/request'
import { accept, type Client } from '../../../src/flow/accept'
import type { Ports } from '../../../src/flow/ports'
import { Session } from '../../../src/flow/session'
import worker from '../../../src/index'
import { openPorts } from '../../../src/platform'
import type { NewKeyJson } from '../../../src/wire/key'
import type { TaskJson } from '../../../src/wire/task'

export const ORIGIN = 'https://gateway.example.com'
export const ADMIN_TOKEN = 'admin-token-of-the-test-gateway'
const CALLBACKS_URL = 'https://callbacks.example.com/'
const SANDBOX_URL = 'https://sandbox.example.com'
const WAIT_MS = 50_000

/** A client without limits, of tasks that nobody asks for over HTTP. */
export const CLIENT: Client = {
  id: 'key_none',
  rateLimitPerMinute: null,
  dailyUsdLimit: null,
  totalUsdLimit: null,
}

/** A prompt that only one test knows, so that the sandbox's record can be searched for it. */
export const uniquePrompt = (text: string) => `${text} ${crypto.randomUUID()}`

export function call(path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
  const { token, ...rest } = init
  const headers = new Headers(rest.headers)
  if (token) headers.set('authorization', `Bearer ${token}`)
  return exports.default.fetch(new Request(new URL(path, ORIGIN), { ...rest, headers }))
}

export function post(path: string, token: string, body: unknown, headers = {}): Promise<Response> {
  return call(path, {
    method: 'POST',
    token,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

export async function makeKey(name = 'test'): Promise<string> {
  const response = await post('/v1/keys', ADMIN_TOKEN, { name })
  return (await response.json<NewKeyJson>()).key
}

/** Accepts a task that must be taken. */
export async function makeTask(key: string, body: object): Promise<TaskJson> {
  const response = await post('/v1/tasks', key, body)
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`)
  return response.json()
}

/** A task that no runner was told of. @returns its id. */
export async function makeQueued(
  prompt: string,
  wishes: Partial<TaskRequest> = {},
  keyId = CLIENT.id,
): Promise<string> {
  const request: TaskRequest = { model: 'gpt-image-2', n: 1, prompt, ...wishes }
  const lost = { wake: async () => undefined }
  const acceptance = await accept(testPorts(lost), { ...CLIENT, id: keyId }, request, null)
  if (!acceptance.ok) throw new Error(acceptance.refusal.code)
  return acceptance.value.task.id
}

export async function readTask(key: string, id: string): Promise<TaskJson> {
  const response = await call(`/v1/tasks/${id}`, { token: key })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return response.json()
}

/** One run of the cron; with `TICK_SECONDS` 0 that is one pass. */
export async function runCron(): Promise<void> {
  await worker.scheduled(createScheduledController(), env, createExecutionContext())
}

/**
 * Lets the cron tick, and callbacks arrive, until the task fulfils the condition.
 *
 * The task is made due at each turn, so that a test need not wait out the polling interval.
 */
export async function until(
  key: string,
  id: string,
  isReached: (task: TaskJson) => boolean,
  { callbacks = true } = {},
): Promise<TaskJson> {
  const givesUpAt = Date.now() + WAIT_MS
  for (;;) {
    const task = await readTask(key, id)
    if (isReached(task)) return task
    if (Date.now() > givesUpAt) throw new Error(`gave up waiting: ${JSON.stringify(task)}`)
    await backdate(id, 'due_at')
    await runCron()
    if (callbacks) await deliverCallbacks(task)
    await scheduler.wait(50)
  }
}

export function untilOver(key: string, id: string, options = {}): Promise<TaskJson> {
  return until(key, id, (task) => task.completed_at !== null, options)
}

/** Accepts a task and lets the world run until it is terminal. */
export async function runTask(key: string, body: object): Promise<TaskJson> {
  const { id } = await makeTask(key, body)
  return untilOver(key, id)
}

const delivered = new Set<string>()

/** Delivers the callbacks for a task's jobs that were not delivered yet. */
async function deliverCallbacks(task: TaskJson): Promise<void> {
  const references = task.attempts.map((attempt) => attempt.provider_task_id)
  for (const callback of await waitingCallbacks()) {
    const { id } = JSON.parse(callback.body) as { id: string }
    if (!references.includes(id) || delivered.has(callback.url)) continue
    delivered.add(callback.url)
    await deliver(callback)
  }
}

export async function waitingCallbacks(): Promise<Array<{ url: string; body: string }>> {
  return (await fetch(CALLBACKS_URL)).json()
}

export function deliver({ url, body }: { url: string; body: string }): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return call(new URL(url).pathname, { method: 'POST', headers, body })
}

/** What the sandbox took money for, by a text that only this test's prompts contain. */
export async function paidJobs(prompt: string): Promise<Job[]> {
  return (await fetch(`${SANDBOX_URL}/_sandbox/jobs?prompt=${encodeURIComponent(prompt)}`)).json()
}

/** Addresses outside the known world that the gateway called. */
export async function strangers(): Promise<string[]> {
  return (await fetch('https://strangers.example.com/')).json()
}

/** Every submission that the sandbox saw, refused ones included. */
export async function submissions(prompt: string): Promise<SubmissionRecord[]> {
  const query = encodeURIComponent(prompt)
  return (await fetch(`${SANDBOX_URL}/_sandbox/submissions?prompt=${query}`)).json()
}

/** The ports as the Worker opens them, some of them exchanged. */
export function testPorts(ports: Partial<Ports> = {}): Ports {
  return { ...openPorts(env, createExecutionContext()), log: () => undefined, ...ports }
}

/** A runner's memory of a task, without a runner: what it keeps is kept nowhere, and nobody is told. */
export function sessionOf(ports: Ports, taskId: string): Session {
  const storage = { put: async () => undefined, list: async () => [] }
  return new Session(ports, taskId, storage, { tell: () => undefined })
}

/**
 * Moves a time of a task's row into the past, as if it had passed.
 *
 * To its runner it is a write of somebody else, so that it does not go by what it remembers.
 */
export async function backdate(
  taskId: string,
  column: 'deadline_at' | 'due_at' | 'deleted_at',
  byMs = 1,
): Promise<void> {
  const version = column === 'due_at' ? 'version' : 'version + 1'
  const statement = `update tasks set ${column} = ?, version = ${version}
    where id = ? and ${column} is not null`
  await env.DB.prepare(statement)
    .bind(Date.now() - byMs, taskId)
    .run()
}
