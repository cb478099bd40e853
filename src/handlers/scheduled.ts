/** The cron of every minute. */
import { openEngine } from '../flow/engine'
import { sweep } from '../flow/sweep'
import type { Env } from '../settings'

export async function sweepOnSchedule(env: Env): Promise<void> {
  await sweep(openEngine(env))
}
