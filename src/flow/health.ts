/** Whether the gateway does its work: the cron comes, and what is due does not wait. */
import { firstKeyAt, oldestDueAt } from '../db/backlog'
import { lastSweepAt } from '../db/moments'
import type { Ports } from './ports'

/** The cron comes every minute; a new one may take a while to come for the first time. */
const SWEEP_AGE_MAX_MS = 5 * 60_000

export interface GatewayHealth {
  isHealthy: boolean
  /** Null when the cron has not been seen yet. */
  lastSweepSeconds: number | null
  /** How long what waits longest has been due. */
  oldestDueSeconds: number
}

export async function gatewayHealth({ database, now }: Ports): Promise<GatewayHealth> {
  const at = now()
  const [sweptAt, dueAt] = await Promise.all([lastSweepAt(database), oldestDueAt(database)])
  // A gateway that is new has begun with its first key: before that there is nothing to sweep.
  const aliveAt = sweptAt ?? (await firstKeyAt(database)) ?? at
  return {
    isHealthy: at - aliveAt <= SWEEP_AGE_MAX_MS,
    lastSweepSeconds: sweptAt === null ? null : wholeSeconds(at - sweptAt),
    oldestDueSeconds: dueAt === null ? 0 : wholeSeconds(at - dueAt),
  }
}

function wholeSeconds(milliseconds: number): number {
  return Math.max(0, Math.floor(milliseconds / 1000))
}
