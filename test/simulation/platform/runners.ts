/**
 * The Durable Objects of the task runners: one instance a name, alarms, and their retries.
 *
 * As on the platform: one alarm at a time, at least once; an alarm that fails comes again after
 * 2 s, twice as long each time, six times at most; after fifteen minutes it is ended by force. An
 * instance that dies takes all its calls and WebSockets with it, and its storage stays.
 */

import type { News } from '../../../src/core/news'
import type { Answer } from '../../../src/flow/answers'
import { TaskRunner } from '../../../src/runner'
import type { Env } from '../../../src/settings'
import type { Timer } from '../world/clock'
import { connectionLost, currentInvocation, Invocation } from '../world/invocation'
import type { Stage } from '../world/stage'
import { stateOf } from './environment'
import { type SimulatedWebSocket, socketOf } from './web-socket'

const ALARM_LIMIT_MS = 15 * 60_000
const RETRIES_MAX = 6
const RETRY_FIRST_MS = 2_000

export class Runners {
  /** Every answer of a provider that a runner ever kept in its storage. */
  readonly answers: Answer[] = []
  readonly #objects = new Map<string, RunnerObject>()
  readonly #stage: Stage
  readonly #environment: () => Env

  constructor(stage: Stage, environment: () => Env) {
    this.#stage = stage
    this.#environment = environment
  }

  /** A deployment: every instance is gone, whatever it was at. Storage and alarms stay. */
  restart(): void {
    this.#stage.strike('storage', 'a deployment')
    for (const object of this.#objects.values()) object.restart()
  }

  getByName(name: string) {
    const object =
      this.#objects.get(name) ?? new RunnerObject(this.#stage, this.#environment, this.answers)
    this.#objects.set(name, object)
    return {
      wake: (taskId: string, news: News) => this.#wake(object, taskId, news),
      fetch: (address: string, init: RequestInit) =>
        this.#listen(object, new Request(address, init)),
    }
  }

  /** A socket belongs to the invocation that asked for it, and goes with it. */
  async #listen(object: RunnerObject, request: Request): Promise<Response> {
    const invocation = currentInvocation()
    let socket: SimulatedWebSocket | null = null
    const lose = () => socket?.lose()
    invocation.onDeath(lose)
    try {
      return await invocation.perform('wake', 'wait', async (fault) => {
        const response = await object.fetch(request)
        socket = socketOf(response)
        if (fault === 'lost') socket?.cut()
        if (invocation.isDead) lose()
        return response
      })
    } catch (error) {
      lose()
      throw error
    }
  }

  #wake(object: RunnerObject, taskId: string, news: News): Promise<void> {
    return currentInvocation().perform('wake', `wake ${taskId}`, async (fault) => {
      if (fault === 'lost') throw connectionLost('wake')
      if (fault === 'doubled') await object.wake(taskId, news)
      await object.wake(taskId, news)
    })
  }
}

interface Instance {
  runner: TaskRunner
  calls: Set<Invocation>
}

class RunnerObject {
  readonly #stage: Stage
  readonly #environment: () => Env
  readonly #answers: Answer[]
  readonly #storage = new Map<string, unknown>()
  readonly #sockets = new Set<SimulatedWebSocket>()
  #instance: Instance | null = null
  #alarm: Timer | null = null
  #isAlarmRunning = false
  #retries = 0

  constructor(stage: Stage, environment: () => Env, answers: Answer[]) {
    this.#stage = stage
    this.#environment = environment
    this.#answers = answers
  }

  wake(taskId: string, news: News): Promise<void> {
    return this.#call('wake', (runner) => runner.wake(taskId, news))
  }

  fetch(request: Request): Promise<Response> {
    return this.#call('waiting', (runner) => runner.fetch(request))
  }

  restart(): void {
    if (this.#instance) this.#die(this.#instance)
    this.#loseSockets()
  }

  /** Rejects when the instance dies under the call. */
  #call<T>(actor: string, work: (runner: TaskRunner) => Promise<T>): Promise<T> {
    const call = new Invocation(this.#stage, actor)
    this.#instance ??= this.#start()
    const instance = this.#instance
    instance.calls.add(call)
    return new Promise<T>((resolve, reject) => {
      call.onDeath(() => {
        this.#die(instance)
        reject(new Error('The Durable Object was reset.'))
      })
      call.run(() => work(instance.runner)).then(resolve, reject)
    }).finally(() => {
      instance.calls.delete(call)
      this.#forgetIfIdle(instance)
    })
  }

  #start(): Instance {
    const state = stateOf(this.#storageApi(), this.#socketsApi())
    const runner = new TaskRunner(state, this.#environment())
    return { runner, calls: new Set() }
  }

  #die(instance: Instance): void {
    if (this.#instance === instance) {
      this.#instance = null
      this.#loseSockets()
    }
    for (const call of instance.calls) call.crash()
  }

  #loseSockets(): void {
    for (const socket of [...this.#sockets]) socket.lose()
  }

  /** The platform may drop an idle instance whenever it likes; its sockets stay. */
  #forgetIfIdle(instance: Instance): void {
    const isIdle = instance.calls.size === 0
    if (isIdle && this.#instance === instance && this.#stage.latency.chance(0.2)) {
      this.#instance = null
    }
  }

  #setAlarm(time: number): void {
    if (this.#alarm) this.#alarm.isOff = true
    this.#alarm = this.#stage.clock.at(time, () => this.#startAlarm())
  }

  #startAlarm(): void {
    if (this.#isAlarmRunning) return
    this.#alarm = null
    this.#isAlarmRunning = true
    void this.#runAlarm()
  }

  async #runAlarm(): Promise<void> {
    const { clock } = this.#stage
    const run = this.#call('runner', (runner) => runner.alarm())
    const instance = this.#instance
    const limit = clock.after(ALARM_LIMIT_MS, () => {
      this.#stage.note('an alarm ran out of time')
      for (const call of instance?.calls ?? []) call.crash()
    })
    const failed = await run.then(
      () => false,
      (error: unknown) => {
        this.#stage.log(String(error))
        return true
      },
    )
    limit.isOff = true
    this.#isAlarmRunning = false
    if (this.#alarm) {
      this.#retries = 0
      this.#setAlarm(this.#alarm.time)
    } else if (failed) this.#retry()
    else this.#retries = 0
  }

  #retry(): void {
    if (this.#retries >= RETRIES_MAX) {
      this.#retries = 0
      this.#stage.note('an alarm was given up')
      return
    }
    this.#setAlarm(this.#stage.clock.now() + RETRY_FIRST_MS * 2 ** this.#retries++)
  }

  #socketsApi() {
    return {
      acceptWebSocket: (socket: SimulatedWebSocket) => {
        this.#sockets.add(socket)
        socket.onEnd = () => this.#sockets.delete(socket)
      },
      getWebSockets: () => [...this.#sockets],
    }
  }

  #storageApi() {
    const perform = <T>(label: string, apply: () => T): Promise<T> =>
      currentInvocation().perform('storage', label, apply)
    return {
      get: (name: string) => perform(`get ${name}`, () => this.#storage.get(name)),
      list: ({ prefix }: { prefix: string }) =>
        perform(`list ${prefix}`, () => {
          const entries = [...this.#storage].filter(([name]) => name.startsWith(prefix))
          return new Map(entries)
        }),
      put: (name: string, value: unknown) =>
        perform(`put ${name}`, () => {
          this.#storage.set(name, value)
          if (isAnswer(value)) this.#answers.push(value)
        }),
      setAlarm: (time: number) => perform('set alarm', () => this.#setAlarm(time)),
      deleteAll: () =>
        perform('delete all', () => {
          this.#storage.clear()
          if (this.#alarm) this.#alarm.isOff = true
          this.#alarm = null
        }),
    }
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'attemptId' in value
}
