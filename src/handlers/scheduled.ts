/** The cron of every minute. */

import { eraseOutdated } from '../flow/erase'
import { kindOf } from '../flow/log'
import type { Ports } from '../flow/ports'
import { sweep } from '../flow/sweep'

export async function sweepOnSchedule(ports: Ports): Promise<void> {
  await Promise.all([sweep(ports), eraseOnce(ports)])
}

/** Retention can wait for the next minute; the sweep can't. */
async function eraseOnce(ports: Ports): Promise<void> {
  try {
    await eraseOutdated(ports)
  } catch (error) {
    const reason = kindOf(error)
    ports.log({ event: 'retention_failed', reason })
  }
}
