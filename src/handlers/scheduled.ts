/** The cron of every minute. */

import { kindOf } from '../flow/log'
import type { Ports } from '../flow/ports'
import { recount } from '../flow/recount'
import { clearOutdated, removeOldAnswers } from '../flow/retention'
import { sweep } from '../flow/sweep'

export async function sweepOnSchedule(ports: Ports): Promise<void> {
  await Promise.all([sweep(ports), tidy(ports)])
}

/** Retention can wait for the next minute; the sweep can't. */
async function tidy(ports: Ports): Promise<void> {
  try {
    await clearOutdated(ports)
    // There is hardly ever anything to do, so once an hour is often enough.
    if (new Date(ports.now()).getUTCMinutes() === 0) {
      await removeOldAnswers(ports)
      await recount(ports)
    }
  } catch (error) {
    const reason = kindOf(error)
    ports.log({ event: 'retention_failed', reason })
  }
}
