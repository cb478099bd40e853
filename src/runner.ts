/**
 * The task's runner: one Durable Object per task, so no task is ever in another one's way.
 *
 * Steps run in its alarm, where the platform gives fifteen minutes. All state is in D1; the
 * object keeps only its task's id and an alarm. Losing it costs seconds: the row stays due and
 * the next sweep wakes it again.
 */
import { DurableObject } from 'cloudflare:workers'
import { openEngine } from './flow/engine'
import { step } from './flow/step'
import type { Env } from './settings'

const TASK_ID = 'taskId'

export class TaskRunner extends DurableObject<Env> {
  #taskId: string | null = null

  /** Asks for a step soon. Waking twice is harmless: alarms of one object never overlap. */
  async wake(taskId: string): Promise<void> {
    if (this.#taskId === null) await this.ctx.storage.put(TASK_ID, taskId)
    this.#taskId = taskId
    await this.ctx.storage.setAlarm(Date.now())
  }

  override async alarm(): Promise<void> {
    const taskId = this.#taskId ?? (await this.ctx.storage.get<string>(TASK_ID))
    if (!taskId) return
    const { goOn, isOver } = await step(openEngine(this.env), taskId)
    if (goOn) await this.ctx.storage.setAlarm(Date.now())
    if (!isOver) return
    this.#taskId = null
    await this.ctx.storage.deleteAll()
  }
}
