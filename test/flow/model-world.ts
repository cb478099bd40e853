/** The gateway as the model-based test plays with it: two keys, a cron, callbacks, and the clock. */
import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { accept } from '../../src/flow/accept'
import { callbackUrl } from '../../src/flow/callback-url'
import { run, Wakes } from '../../src/flow/run'
import { taskRequestSchema } from '../../src/handlers/tasks/request'
import worker from '../../src/index'
import { ADMIN_TOKEN, CLIENT, ORIGIN, testPorts, waitingCallbacks } from '../world/gateway'
import type { Crash, Story } from './model-commands'
import { DyingFetch } from './model-death'

const PAUSE_MS = 50
/** Longer than a job takes. */
const RUNS_MAX = 20
const LOOKS_MAX = 20
const REVIVED_MS = 50

export interface Client {
  id: string
  key: string
}

interface Callback {
  url: string
  body: string
}

export class World {
  /** Exchanged by a rotation of the signing secret. */
  #env = env
  readonly #revivals: Array<() => void> = []

  async call(path: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
    const { token, ...rest } = init
    const headers = new Headers(rest.headers)
    if (token) headers.set('authorization', `Bearer ${token}`)
    const context = createExecutionContext()
    const request = new Request(new URL(path, ORIGIN), { ...rest, headers })
    const response = await worker.fetch(request, this.#env, context)
    await waitOnExecutionContext(context)
    return response
  }

  post(path: string, token: string, body: unknown, headers = {}): Promise<Response> {
    const all = { 'content-type': 'application/json', ...headers }
    return this.call(path, { method: 'POST', token, headers: all, body: JSON.stringify(body) })
  }

  async makeClient(name: string): Promise<Client> {
    return (await this.post('/v1/keys', ADMIN_TOKEN, { name })).json()
  }

  /** One pass of the cron. */
  async tick(): Promise<void> {
    await worker.scheduled(createScheduledController(), this.#env, createExecutionContext())
  }

  /** The old secret is accepted from now on, but signs nothing any more. */
  rotate(): void {
    this.#env = {
      ...env,
      SIGNING_SECRET: 'another-secret-for-the-test-gateway',
      SIGNING_SECRET_PREVIOUS: env.SIGNING_SECRET,
    }
  }

  /** A task whose run dies, or never began because its wake got lost. @returns its id. */
  async crash(
    client: Client,
    request: object,
    idempotencyKey: string,
    { call, arrives }: Crash,
  ): Promise<string> {
    const lost = { wake: async () => undefined }
    const owner = { ...CLIENT, id: client.id }
    const acceptance = await accept(
      testPorts(lost),
      owner,
      taskRequestSchema.parse(request),
      idempotencyKey,
    )
    if (!acceptance.ok) throw new Error(acceptance.refusal.code)
    const { id } = acceptance.value.task
    if (call === 'none') return id
    const dying = new DyingFetch(call, arrives, this.#revivals)
    const ports = testPorts({ ...lost, fetch: (input, init) => dying.fetch(input, init) })
    for (let runs = 1; runs <= RUNS_MAX; runs++) {
      const isDead = dying.died.then(() => true)
      if (await Promise.race([isDead, run(ports, id, new Wakes()).then(() => false)])) return id
      await scheduler.wait(PAUSE_MS)
    }
    throw new Error(`There was no ${call} to die at.`)
  }

  /** The runs that were believed dead get their answers. @returns how many there were. */
  async revive(): Promise<number> {
    const revivals = this.#revivals.splice(0)
    for (const revive of revivals) revive()
    await scheduler.wait(REVIVED_MS)
    return revivals.length
  }

  /** Those for a task's jobs, once there are any; none when none comes. */
  async callbacksOf(taskId: string): Promise<Callback[]> {
    const attempts = await this.attemptIds(taskId)
    for (let looks = 1; looks <= LOOKS_MAX; looks++) {
      const all: Callback[] = await waitingCallbacks()
      const own = all.filter(({ url }) => attempts.some((attempt) => url.includes(attempt)))
      if (own.length > 0) return own
      await scheduler.wait(PAUSE_MS)
    }
    return []
  }

  /** A callback address with a right token, for the newest attempt. */
  async callbackAddress(taskId: string): Promise<string | null> {
    const attempt = (await this.attemptIds(taskId)).at(-1)
    return attempt ? callbackUrl(testPorts().settings, 'aivideoapi.ai', attempt) : null
  }

  async deliver({ url, body }: Callback): Promise<number> {
    const headers = { 'content-type': 'application/json' }
    const response = await this.call(new URL(url).pathname, { method: 'POST', headers, body })
    await response.arrayBuffer()
    return response.status
  }

  async attemptIds(taskId: string): Promise<string[]> {
    const statement = 'select id from attempts where task_id = ? order by started_at, id'
    const { results } = await env.DB.prepare(statement).bind(taskId).all<{ id: string }>()
    return results.map(({ id }) => id)
  }

  /** Makes the time come, for one task: it is due, its submissions' leases have run out, it is over. */
  async pass(taskId: string, what: 'due_at' | 'lease_until' | 'deadline_at'): Promise<void> {
    const past = Date.now() - 1
    const statement =
      what === 'lease_until'
        ? "update attempts set lease_until = ? where task_id = ? and status = 'submitting'"
        : `update tasks set ${what} = ? where id = ? and ${what} is not null`
    await env.DB.prepare(statement).bind(past, taskId).run()
  }

  /** Tasks in the database, by key and idempotency key. */
  async rowsOf(client: Client): Promise<Array<{ id: string; idempotency_key: string | null }>> {
    const statement = 'select id, idempotency_key from tasks where key_id = ? order by id'
    const { results } = await env.DB.prepare(statement)
      .bind(client.id)
      .all<{ id: string; idempotency_key: string | null }>()
    return results
  }

  requestOf(story: Story, prompt: string): object {
    const directive = story.directive === '' ? '' : ` [[${story.directive}]]`
    const resubmits = story.resubmits ? { resubmit_on_unknown: true } : {}
    return { prompt: prompt + directive, providers: story.providers, ...resubmits }
  }
}
