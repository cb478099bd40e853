/** The cron of every minute. */
import { type Engine, kindOf, openEngine } from '../flow/engine'
import { eraseOutdated } from '../flow/erase'
import { sweep } from '../flow/sweep'
import type { Env } from '../settings'

export async function sweepOnSchedule(env: Env): Promise<void> {
  const engine = openEngine(env)
  await Promise.all([sweep(engine), eraseOnce(engine)])
}

/** Retention can wait for the next minute; the sweep can't. */
async function eraseOnce(engine: Engine): Promise<void> {
  try {
    await eraseOutdated(engine)
  } catch (error) {
    const reason = kindOf(error)
    engine.log({ event: 'retention_failed', reason })
  }
}
