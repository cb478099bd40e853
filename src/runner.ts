/**
 * The task's runner: one Durable Object per task, so no task is ever in another one's way.
 *
 * Work is done in its alarm, where the platform gives fifteen minutes. It keeps the providers' pace by
 * its own alarm. All state is in D1; the object keeps its task's id, an alarm, paid answers that D1 has not
 * taken yet, the WebSockets of who waits for news, and in memory what it knows of its task. Losing it costs a
 * minute: the row stays due and the cron hands it out again. Between its alarms nothing keeps it in memory.
 */
import { DurableObject } from 'cloudflare:workers'
import type { News } from './core/news'
import type { Answer, AnswerStorage } from './flow/answers'
import { Audience } from './flow/audience'
import { kindOf } from './flow/log'
import { run } from './flow/run'
import { Session } from './flow/session'
import { openPorts } from './platform'
import { learnedPublicUrl } from './public-url'
import type { Env } from './settings'

const TASK_ID = 'taskId'
const ANSWER_PREFIX = 'answer:'
/** After a run that failed, such as when the database is down. */
const RETRY_MS = 30_000
/** Between two alarms of one task, whatever is due. */
const ALARM_INTERVAL_MIN_MS = 50

export class TaskRunner extends DurableObject<Env> {
  readonly #audience = new Audience(this.ctx)
  #session: Session | null = null
  #isRunning = false
  /** Whether the storage knows the task, for when the memory is lost. */
  #isNamed = false

  /** Asks for a step soon: beside the run that is under way, or by an alarm. */
  async wake(taskId: string, news: News): Promise<void> {
    const session = await this.#open(taskId)
    session.hear(news)
    if (this.#isRunning) return
    await this.#name(taskId)
    await this.ctx.storage.setAlarm(Date.now())
  }

  /** For who waits. It touches no storage: also a task that was forgotten is asked about. */
  override async fetch(request: Request): Promise<Response> {
    return this.#audience.admit(request)
  }

  override async alarm(): Promise<void> {
    const taskId = this.#session?.known.id ?? (await this.ctx.storage.get<string>(TASK_ID))
    if (!taskId) return
    const session = await this.#open(taskId)
    this.#isRunning = true
    let nextAt: number | null
    try {
      nextAt = await run(session)
    } catch (error) {
      session.ports.log({ event: 'run_failed', task: taskId, reason: kindOf(error) })
      nextAt = Date.now() + RETRY_MS
    } finally {
      this.#isRunning = false
    }
    if (nextAt === null) await this.#forget()
    else if (nextAt < Number.POSITIVE_INFINITY) {
      await this.ctx.storage.setAlarm(Math.max(nextAt, Date.now() + ALARM_INTERVAL_MIN_MS))
    }
  }

  async #open(taskId: string): Promise<Session> {
    if (this.#session) return this.#session
    const ports = openPorts(this.env, this.ctx, await learnedPublicUrl(this.env))
    this.#session ??= new Session(ports, taskId, answersIn(this.ctx.storage), this.#audience)
    return this.#session
  }

  /** A read is a thousandth of what a write costs. */
  async #name(taskId: string): Promise<void> {
    if (this.#isNamed) return
    const { storage } = this.ctx
    if ((await storage.get(TASK_ID)) === undefined) await storage.put(TASK_ID, taskId)
    this.#isNamed = true
  }

  async #forget(): Promise<void> {
    this.#session = null
    this.#isNamed = false
    await this.ctx.storage.deleteAll()
  }
}

function answersIn(storage: DurableObjectStorage): AnswerStorage {
  return {
    put: (answer) => storage.put(ANSWER_PREFIX + answer.attemptId, answer),
    list: async () => [...(await storage.list<Answer>({ prefix: ANSWER_PREFIX })).values()],
  }
}
