/** One play of the model-based test: its commands one after the other, and what must hold then. */
import { expect } from 'vitest'
import { callBack, fits } from './model-callbacks'
import { checkEnds, checkTasks, isOver, type ModelTask } from './model-checks'
import type { Command } from './model-commands'
import { type Done, Tasks } from './model-tasks'
import type { Client, World } from './model-world'

const JOB_MS = 350
const END_ALONE_MS = 30_000
const LAST_STEP_MS = 200

/** Wherever a deadline may find a task, its error says what is known. */
const ENDS_OF_EXPIRED = [
  ...['timed_out', 'submit_outcome_unknown', 'output_unavailable'],
  ...['provider_rejected', 'provider_failed'],
]
const isSubmitting = ({ seen }: ModelTask) => seen?.attempts.at(-1)?.status === 'submitting'

export class Play {
  readonly #world: World
  readonly #clients: Client[]
  readonly #tasks: Tasks

  constructor(world: World, clients: Client[]) {
    this.#world = world
    this.#clients = clients
    this.#tasks = new Tasks(world, clients)
  }

  /** @param tell is told what each command did, if it found something to do */
  async run(list: Command[], tell: (kind: string) => void): Promise<void> {
    for (const command of list) {
      const kind = await this.#perform(command)
      if (kind !== null) tell(kind)
      await this.#check('open')
    }
    await this.#endAll()
    await this.#world.revive()
    await this.#tick(1, true)
    await this.#check('all')
    await checkEnds(this.#world, this.#clients, this.#tasks.all)
  }

  async #perform(command: Command): Done {
    switch (command.type) {
      case 'submit':
        return this.#tasks.submit(command)
      case 'repeat':
        return this.#tasks.repeat(command)
      case 'crash':
        return this.#tasks.crash(command)
      case 'tick':
        await this.#tick(command.atOnce, command.dueNow)
        return 'tick'
      case 'finish':
        await scheduler.wait(JOB_MS)
        return 'finish'
      case 'callback': {
        const { how } = command
        const task = this.#tasks.pick(command.task, (one) => fits(how, one, this.#tasks.all))
        const wasDone = task && (await callBack(this.#world, task, how, this.#tasks.all))
        return wasDone ? `callback ${how}` : null
      }
      case 'cancel':
        return this.#tasks.cancel(command)
      case 'expire':
        return this.#expire(this.#tasks.pick(command.task, (task) => !isOver(task)))
      case 'lapse':
        return this.#lapse(this.#tasks.pick(command.task, isSubmitting))
      case 'revive':
        return (await this.#world.revive()) > 0 ? 'revive' : null
      case 'rotate':
        this.#world.rotate()
        return 'rotate'
    }
  }

  async #expire(task: ModelTask | undefined): Done {
    if (!task) return null
    for (const end of ENDS_OF_EXPIRED) task.ends.add(end)
    await this.#world.pass(task.id, 'deadline_at')
    await this.#world.pass(task.id, 'due_at')
    return 'expire'
  }

  async #lapse(task: ModelTask | undefined): Done {
    if (!task) return null
    task.ends.add('submit_outcome_unknown')
    await this.#world.pass(task.id, 'lease_until')
    await this.#world.pass(task.id, 'due_at')
    return 'lapse'
  }

  async #tick(atOnce: number, dueNow: boolean): Promise<void> {
    if (dueNow) for (const { id } of this.#tasks.all) await this.#world.pass(id, 'due_at')
    await Promise.all(Array.from({ length: atOnce }, () => this.#world.tick()))
  }

  #check(which: 'open' | 'all'): Promise<void> {
    return checkTasks(this.#world, this.#clients, this.#tasks.all, this.#tasks.run, which)
  }

  /** Lets time pass until all have ended: by themselves where they can, else by their deadline. */
  async #endAll(): Promise<void> {
    const givesUpAt = Date.now() + END_ALONE_MS
    const open = () => this.#tasks.all.filter((task) => !isOver(task))
    while (open().some(({ endsAlone }) => endsAlone) && Date.now() < givesUpAt) {
      await this.#tick(1, true)
      await scheduler.wait(50)
      await this.#check('open')
    }
    expect(open().filter(({ endsAlone }) => endsAlone)).toEqual([])
    for (const what of ['lease_until', 'deadline_at'] as const) {
      for (const { id } of open()) await this.#world.pass(id, what)
      await this.#tick(1, true)
      await scheduler.wait(LAST_STEP_MS)
      await this.#check('open')
    }
    expect(open()).toEqual([])
  }
}
