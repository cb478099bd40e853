/** The gateway with a count at each of its bindings; `GET /_bench/counts` tells them. */
import worker, { TaskRunner as Runner } from '../../src/index'
import type { Env } from '../../src/settings'
import { countBindings, countFetches, countLogLines, countStorage } from './bindings'
import { charge, count, tally, whileActive } from './tally'

countFetches()
countLogLines()

const gateway: Required<Pick<ExportedHandler<Env>, 'fetch' | 'scheduled'>> = worker

/** Bindings that are counted already. */
const counted = new WeakSet<Env>()

function counting(env: Env): Env {
  if (!counted.has(env)) countBindings(env)
  counted.add(env)
  return env
}

export class TaskRunner extends Runner {
  constructor(ctx: DurableObjectState, env: Env) {
    countStorage(ctx.storage)
    super(ctx, counting(env))
  }

  override async alarm(...input: Parameters<Runner['alarm']>): Promise<void> {
    return charge('runner', () => {
      count('alarms')
      return whileActive(this.ctx.id.toString(), () => super.alarm(...input))
    })
  }

  // The runner itself does nothing then, but the platform brings it into memory to tell it.
  override webSocketClose(): Promise<void> {
    return this.#countEvent()
  }

  override webSocketError(): Promise<void> {
    return this.#countEvent()
  }

  override webSocketMessage(): Promise<void> {
    return this.#countEvent()
  }

  #countEvent(): Promise<void> {
    count('socketEvents')
    return whileActive(this.ctx.id.toString(), async () => undefined)
  }
}

export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === '/_bench/counts') return Response.json(tally)
    return charge('request', () => {
      count('invocations')
      return gateway.fetch(request, counting(env), ctx)
    })
  },
  scheduled(controller, env, ctx) {
    return charge('cron', () => {
      count('invocations')
      return gateway.scheduled(controller, counting(env), ctx)
    })
  },
} satisfies ExportedHandler<Env>
