/**
 * The task's runner: one Durable Object per task, so no task is ever in another one's way.
 *
 * Work is done in its alarm, where the platform gives fifteen minutes. All state is in D1; the
 * object keeps only its task's id, an alarm, and who waits for news. Losing it costs seconds: the
 * row stays due and the next sweep wakes it again.
 */
import { DurableObject } from 'cloudflare:workers'
import { Audience } from './flow/audience'
import { run, Wakes } from './flow/run'
import { openPorts } from './platform'
import type { Env } from './settings'

const TASK_ID = 'taskId'

export class TaskRunner extends DurableObject<Env> {
  #taskId: string | null = null
  /** Set while a run is under way. */
  #wakes: Wakes | null = null
  readonly #audience = new Audience()

  /** Asks for a step soon: beside the run that is under way, or by an alarm. */
  async wake(taskId: string): Promise<void> {
    if (this.#wakes) return this.#wakes.tell()
    if (this.#taskId === null) await this.ctx.storage.put(TASK_ID, taskId)
    this.#taskId = taskId
    await this.ctx.storage.setAlarm(Date.now())
  }

  /** Returns once the task is known to be past a version, at the latest after `limitMs`. */
  async untilPast(version: number, limitMs: number): Promise<void> {
    await this.#audience.untilPast(version, limitMs)
  }

  override async alarm(): Promise<void> {
    const taskId = this.#taskId ?? (await this.ctx.storage.get<string>(TASK_ID))
    if (!taskId) return
    const ports = {
      ...openPorts(this.env, this.ctx),
      tell: ({ version }: { version: number }) => this.#audience.tell(version),
    }
    this.#wakes = new Wakes()
    try {
      if (await run(ports, taskId, this.#wakes)) await this.#forget()
    } finally {
      this.#wakes = null
    }
  }

  async #forget(): Promise<void> {
    this.#taskId = null
    await this.ctx.storage.deleteAll()
  }
}
