/**
 * The gateway accepting tasks whose runners do nothing, and, at `/_bench/bare`, the least that
 * accepting could be: a row is inserted and a Durable Object is woken.
 */
import { DurableObject } from 'cloudflare:workers'
import worker from '../../src/index'
import type { Env } from '../../src/settings'

const gateway: Required<Pick<ExportedHandler<Env>, 'fetch'>> = worker
const LATER_MS = 60 * 60_000

/** Takes a wake, and goes on sleeping. */
export class TaskRunner extends DurableObject<Env> {
  async rest(): Promise<void> {
    await this.ctx.storage.put('taskId', 'any')
    await this.ctx.storage.setAlarm(Date.now() + LATER_MS)
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }
}

const resting = new WeakSet<Env>()

/** Whatever the gateway asks of a runner, it rests. */
function withResting(env: Env): Env {
  if (resting.has(env)) return env
  const runners = env.RUNNER as unknown as DurableObjectNamespace<TaskRunner>
  const rest = (name: string) => () => runners.getByName(name).rest()
  Object.assign(env, {
    RUNNER: { getByName: (name: string) => new Proxy({}, { get: () => rest(name) }) },
    RESTING: runners,
  })
  resting.add(env)
  return env
}

async function acceptBare(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  const runners = env.RESTING as DurableObjectNamespace<TaskRunner>
  const task = JSON.stringify(await request.json())
  const id = crypto.randomUUID()
  await env.DB.prepare('insert into bare (id, task) values (?, ?)').bind(id, task).run()
  ctx.waitUntil(runners.getByName(id).rest())
  return Response.json({ id }, { status: 202 })
}

export default {
  fetch(request, env, ctx) {
    const wrapped = withResting(env)
    const isBare = new URL(request.url).pathname === '/_bench/bare'
    return isBare ? acceptBare(request, wrapped, ctx) : gateway.fetch(request, wrapped, ctx)
  },
} satisfies ExportedHandler<Env>
