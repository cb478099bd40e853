/**
 * Any order of requests, ticks, callbacks, crashes and lapses of time, against a small model.
 *
 * What holds after every command: a task is seen by its key alone, a terminal status never
 * changes, nothing is paid more often than allowed. What holds at the end: exactly the accepted
 * tasks exist, and each has ended as its story may end.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TaskJson } from '../world/gateway'
import { checkEnds, checkTask, isOver, type ModelTask } from './model-checks'
import { type Command, commands } from './model-commands'
import { type Client, World } from './model-world'

/** Printed with the counterexample; change it to look elsewhere. */
const SEED = 20_260_424
const RUNS = 10
const TIME_LIMIT_MS = 40_000
const JOB_MS = 350
const END_ALONE_MS = 8_000
const LAST_STEP_MS = 200

it('keeps its promises whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(commands, (list) => new Play().run(list)),
    { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT_MS },
  )
}, 120_000)

class Play {
  readonly #world = new World()
  readonly #tasks: ModelTask[] = []
  readonly #run = crypto.randomUUID()
  #clients: Client[] = []
  #count = 0

  async run(list: Command[]): Promise<void> {
    this.#clients = [await this.#world.makeClient('one'), await this.#world.makeClient('two')]
    for (const command of list) {
      await this.#perform(command)
      await this.#checkAll()
    }
    await this.#endAll()
    await this.#world.revive()
    await this.#tick(1, true)
    await this.#checkAll()
    await checkEnds(this.#world, this.#clients, this.#tasks)
  }

  async #perform(command: Command): Promise<void> {
    switch (command.type) {
      case 'submit':
        return this.#submit(command)
      case 'crash':
        return this.#crash(command)
      case 'tick':
        return this.#tick(command.atOnce, command.dueNow)
      case 'finish':
        return scheduler.wait(JOB_MS)
      case 'cancel':
        return this.#cancel(this.#tasks.at(-1))
      case 'revive':
        return this.#world.revive()
      case 'rotate':
        return this.#world.rotate()
    }
    const task = this.#tasks[command.task % Math.max(1, this.#tasks.length)]
    if (!task) return
    if (command.type === 'callback') return this.#callBack(task, command.how)
    if (isOver(task)) return
    if (command.type === 'expire') {
      for (const end of ['timed_out', 'submit_outcome_unknown', 'output_unavailable'])
        task.ends.add(end)
      await this.#world.pass(task.id, 'deadline_at')
    } else {
      task.ends.add('submit_outcome_unknown')
      await this.#world.pass(task.id, 'lease_until')
    }
    await this.#world.pass(task.id, 'due_at')
  }

  async #submit({ key, idempotencyKey, story }: Command & { type: 'submit' }): Promise<void> {
    const client = this.#client(key)
    const earlier = this.#tasks.find(
      (task) =>
        idempotencyKey !== null && task.client === client && task.idempotencyKey === idempotencyKey,
    )
    const prompt = `${this.#run} ${key} ${idempotencyKey ?? this.#count++}.`
    const headers = idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }
    const request = this.#world.requestOf(story, prompt)
    const response = await this.#world.post('/v1/tasks', client.key, request, headers)
    const body = (await response.json()) as TaskJson & { error: { code: string } | null }
    expect(response.headers.get('idempotent-replayed')).toBe(
      earlier?.story === story ? 'true' : null,
    )
    if (!earlier) {
      expect(response.status).toBe(202)
      const ends = new Set(story.ends)
      const { paidMax } = story
      const { id } = body
      this.#tasks.push({ id, client, idempotencyKey, prompt, story, ends, paidMax, seen: null })
    } else if (earlier.story === story) {
      expect(isOver(earlier) ? [200] : [200, 202]).toContain(response.status)
      expect(body.id).toBe(earlier.id)
    } else {
      expect([response.status, body.error?.code]).toEqual([422, 'idempotency_key_reused'])
    }
  }

  async #crash({ key, crash }: Command & { type: 'crash' }): Promise<void> {
    const client = this.#client(key)
    const prompt = `${this.#run} ${key} ${this.#count++}.`
    const id = await this.#world.crash(client, prompt, crash)
    const endsAlone = crash.dies === 'before' || crash.dies === 'canceled'
    const paidMax = crash.dies === 'sending' ? 0 : 1
    const ends = [
      ...(endsAlone ? [] : ['submit_outcome_unknown']),
      ...(paidMax === 1 ? ['succeeded'] : []),
    ]
    const story = { directive: '', providers: [crash.provider], ends, endsAlone, paidMax }
    const model = { id, client, idempotencyKey: null, prompt, story, paidMax }
    const task: ModelTask = { ...model, ends: new Set(ends), seen: null }
    this.#tasks.push(task)
    if (crash.dies === 'canceled') await this.#cancel(task)
  }

  /** Possible until a provider was asked, and never twice. */
  async #cancel(task: ModelTask | undefined): Promise<void> {
    if (!task) return
    const response = await this.#world.post(`/v1/tasks/${task.id}/cancel`, task.client.key, {})
    const body = (await response.json()) as TaskJson & { error: { code: string } | null }
    if (response.status === 200 && !isOver(task) && task.seen?.status !== 'processing') {
      expect(body).toMatchObject({ status: 'canceled', attempts: [], cost: { charged: 'no' } })
      task.ends = new Set(['canceled'])
      task.paidMax = 0
    } else {
      expect([response.status, body.error?.code]).toEqual([409, 'task_not_cancelable'])
    }
  }

  async #tick(atOnce: number, dueNow: boolean): Promise<void> {
    if (dueNow) for (const { id } of this.#tasks) await this.#world.pass(id, 'due_at')
    await Promise.all(Array.from({ length: atOnce }, () => this.#world.tick()))
  }

  async #callBack(task: ModelTask, how: (Command & { type: 'callback' })['how']): Promise<void> {
    const world = this.#world
    const waiting = await world.callbacksOf(task.id)
    const url = await world.callbackAddress(task.id)
    const bound = this.#tasks.find(
      (other) => other !== task && other.seen?.attempts[0]?.provider_task_id,
    )
    const stolen = bound?.seen?.attempts[0]?.provider_task_id ?? 'job_none'
    if (url === null) return
    const body = JSON.stringify({ id: stolen, status: 'completed' })
    switch (how) {
      case 'valid':
        for (const callback of waiting) expect(await world.deliver(callback)).toBe(200)
        return
      case 'twice': {
        const statuses = [...waiting, ...waiting].map((callback) => world.deliver(callback))
        for (const status of await Promise.all(statuses)) expect(status).toBe(200)
        return
      }
      case 'forged':
        expect(await world.deliver({ url: url.replace(/.{5}$/, 'AAAAA'), body })).toBe(404)
        return
      case 'unreadable':
        expect(await world.deliver({ url, body: '{"status":"completed"}' })).toBe(400)
        return
      case 'stolen':
        expect(await world.deliver({ url, body })).toBe(200)
    }
  }

  /** What holds at any time. */
  async #checkAll(): Promise<void> {
    await Promise.all(this.#tasks.map((task) => checkTask(this.#world, this.#clients, task)))
  }

  /** Lets time pass until all have ended: by themselves where they can, else by their deadline. */
  async #endAll(): Promise<void> {
    const givesUpAt = Date.now() + END_ALONE_MS
    const open = () => this.#tasks.filter((task) => !isOver(task))
    while (open().some(({ story }) => story.endsAlone) && Date.now() < givesUpAt) {
      await this.#tick(1, true)
      await scheduler.wait(50)
      await this.#checkAll()
    }
    expect(open().filter(({ story }) => story.endsAlone)).toEqual([])
    for (const what of ['lease_until', 'deadline_at'] as const) {
      for (const { id } of open()) await this.#world.pass(id, what)
      await this.#tick(1, true)
      await scheduler.wait(LAST_STEP_MS)
      await this.#checkAll()
    }
    expect(open()).toEqual([])
  }

  #client(position: number): Client {
    const client = this.#clients[position]
    if (!client) throw new Error('There are two clients.')
    return client
  }
}
