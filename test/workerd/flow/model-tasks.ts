/** The tasks of one play of the model-based test: how they are made, repeated and canceled. */
import { expect } from 'vitest'
import type { TaskJson } from '../../../src/wire/task'
import { isOver, type ModelTask } from './model-checks'
import { type Command, STORIES, type Story } from './model-commands'
import type { Client, World } from './model-world'

/** A kind of command that did something, null when there was nothing to do it to. */
export type Done = Promise<string | null>

type Made = Pick<ModelTask, 'id' | 'client' | 'idempotencyKey' | 'prompt' | 'story'>

export class Tasks {
  readonly all: ModelTask[] = []
  /** In the prompts of these tasks alone. */
  readonly run = crypto.randomUUID()
  readonly #world: World
  readonly #clients: Client[]

  constructor(world: World, clients: Client[]) {
    this.#world = world
    this.#clients = clients
  }

  pick(position: number, isFit: (task: ModelTask) => boolean): ModelTask | undefined {
    const fit = this.all.filter(isFit)
    return fit[position % Math.max(1, fit.length)]
  }

  async submit({ key, atOnce, isKeyed, story }: Command & { type: 'submit' }): Done {
    const client = this.#client(key)
    const { prompt, idempotencyKey } = this.#name(key)
    const times = isKeyed ? atOnce : 1
    const made = { client, story, prompt, idempotencyKey: isKeyed ? idempotencyKey : null }
    const answers = await this.#post(made, story, times)
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
    for (const { status, isReplay } of answers) if (!isReplay) expect(status).toBe(202)
    const ids = new Set(answers.map(({ body }) => body.id))
    expect(ids.size).toBe(1)
    const [id = ''] = ids
    this.#add({ ...made, id }, story)
    return times === 1 ? 'submit' : 'submit at once'
  }

  /** One task to a request, however often it comes; another request gets nothing. */
  async repeat({ task, atOnce, body }: Command & { type: 'repeat' }): Done {
    const earlier = this.pick(task, ({ idempotencyKey }) => idempotencyKey !== null)
    if (!earlier) return null
    const wasOver = isOver(earlier)
    const other = STORIES[(STORIES.indexOf(earlier.story) + 1) % STORIES.length] ?? earlier.story
    const answers = await this.#post(earlier, body === 'same' ? earlier.story : other, atOnce)
    for (const answer of answers) {
      if (body === 'same') {
        expect([answer.isReplay, answer.body.id]).toEqual([true, earlier.id])
        expect(wasOver ? [200] : [200, 202]).toContain(answer.status)
      } else {
        expect([answer.status, answer.body.error?.code]).toEqual([422, 'idempotency_key_reused'])
      }
    }
    return `repeat ${body}${wasOver ? ' when over' : ''}`
  }

  async #post(task: Omit<Made, 'id'>, story: Story, times: number) {
    const { client, prompt, idempotencyKey } = task
    const headers = idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }
    const request = this.#world.requestOf(story, prompt)
    const send = async () => {
      const response = await this.#world.post('/v1/tasks', client.key, request, headers)
      const isReplay = response.headers.get('idempotent-replayed') === 'true'
      return { status: response.status, isReplay, body: await response.json<TaskJson>() }
    }
    return Promise.all(Array.from({ length: times }, send))
  }

  async crash({ key, crash }: Command & { type: 'crash' }): Done {
    const client = this.#client(key)
    const { prompt, idempotencyKey } = this.#name(key)
    const { story, call, arrives } = crash
    const request = this.#world.requestOf(story, prompt)
    const id = await this.#world.crash(client, request, idempotencyKey, crash)
    const made = { id, client, idempotencyKey, prompt, story }
    if (call === 'submission' || call === 'second submission') {
      const ends = ['submit_outcome_unknown', ...(arrives ? ['succeeded'] : [])]
      this.#add(made, { ends, endsAlone: false, paidMax: arrives ? 1 : 0 })
    } else {
      this.#add(made, story)
    }
    return `crash at ${call}${arrives ? '' : ', lost'}`
  }

  #add(made: Made, { ends, endsAlone, paidMax }: Pick<Story, 'ends' | 'endsAlone' | 'paidMax'>) {
    this.all.push({ ...made, ends: new Set(ends), endsAlone, paidMax, seen: null })
  }

  /** Possible until a provider was asked, and never twice. */
  async cancel({ task: position, isQueued }: Command & { type: 'cancel' }): Done {
    const task = this.pick(position, ({ seen }) => !isQueued || seen?.status === 'queued')
    if (!task) return null
    const response = await this.#world.post(`/v1/tasks/${task.id}/cancel`, task.client.key, {})
    const body = await response.json<TaskJson>()
    if (response.status === 200 && !isOver(task) && task.seen?.status !== 'processing') {
      expect(body).toMatchObject({ status: 'canceled', attempts: [], cost: { charged: 'no' } })
      task.ends = new Set(['canceled'])
      task.paidMax = 0
      return 'cancel'
    }
    expect([response.status, body.error?.code]).toEqual([409, 'task_not_cancelable'])
    return 'cancel in vain'
  }

  #client(position: number): Client {
    const client = this.#clients[position]
    if (!client) throw new Error('There are two clients.')
    return client
  }

  /** Both clients use the same idempotency keys. */
  #name(key: number): { prompt: string; idempotencyKey: string } {
    const count = this.all.filter(({ client }) => client === this.#client(key)).length
    return { prompt: `${this.run} ${key} ${count}.`, idempotencyKey: `order-${count}` }
  }
}
