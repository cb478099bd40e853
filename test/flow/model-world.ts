/** The gateway as the model-based test plays with it: two keys, a cron, callbacks, and the clock. */
import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { accept } from '../../src/flow/accept'
import { callbackUrl } from '../../src/flow/callback-url'
import { Calls } from '../../src/flow/calls'
import { step } from '../../src/flow/step'
import worker from '../../src/index'
import { ADMIN_TOKEN, CLIENT, ORIGIN, testEngine, waitingCallbacks } from '../world/gateway'
import type { Crash, Story } from './model-commands'

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
    await worker.scheduled(createScheduledController(), this.#env)
  }

  /** The old secret is accepted from now on, but signs nothing any more. */
  rotate(): void {
    this.#env = {
      ...env,
      SIGNING_SECRET: 'another-secret-for-the-test-gateway',
      SIGNING_SECRET_PREVIOUS: env.SIGNING_SECRET,
    }
  }

  /** A task whose first run dies, or never began because its wake got lost. @returns its id. */
  async crash(client: Client, prompt: string, { provider, dies }: Crash): Promise<string> {
    const engine = testEngine({ wake: async () => undefined })
    const request = { model: 'gpt-image-2', n: 1, prompt, provider } as const
    const acceptance = await accept(engine, { ...CLIENT, id: client.id }, request, null)
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind)
    const { id } = acceptance.task
    if (dies === 'before' || dies === 'canceled') return id
    const dying = testEngine({
      wake: async () => undefined,
      fetch: async (input, init) => {
        // Only the paid call gets no answer: what a revived run asks after it is answered.
        if (init?.method !== 'POST') return fetch(input, init)
        const { signal: _, ...rest } = init
        const answer = dies === 'taken' ? await (await fetch(input, rest)).text() : null
        await new Promise<void>((resolve) => this.#revivals.push(resolve))
        if (answer === null) throw new TypeError('the connection was dropped')
        return new Response(answer, { headers: { 'content-type': 'application/json' } })
      },
    })
    const revivable = this.#revivals.length
    await step(dying, id, new Calls(dying, id))
    while (this.#revivals.length === revivable) await scheduler.wait(5)
    return id
  }

  /** The runs that were believed dead get their answers. */
  async revive(): Promise<void> {
    for (const resolve of this.#revivals.splice(0)) resolve()
    await scheduler.wait(50)
  }

  async callbacksOf(taskId: string): Promise<Callback[]> {
    const attempts = await this.attemptIds(taskId)
    const all: Callback[] = await waitingCallbacks()
    return all.filter(({ url }) => attempts.some((attempt) => url.includes(attempt)))
  }

  /** A callback address with a right token, for the newest attempt. */
  async callbackAddress(taskId: string): Promise<string | null> {
    const attempt = (await this.attemptIds(taskId)).at(-1)
    return attempt ? callbackUrl(testEngine().settings, 'aivideoapi.ai', attempt) : null
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
