/** Adds up the usage of yesterday and today anew, for what a release without these sums wrote meanwhile. */
import { dayOf } from '../core/spending'
import { DAY_MS } from '../core/time'
import { recountUsage } from '../db/usage'
import type { Ports } from './ports'

/** Today and yesterday. */
const RECOUNTED_DAYS = 2

export async function recount({ database, now }: Ports): Promise<void> {
  await recountUsage(database, (dayOf(now()) + 1 - RECOUNTED_DAYS) * DAY_MS)
}
