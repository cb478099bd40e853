/** `/v1/usage`: what was paid for, by provider and day, summed from the ledger of attempts. */
import { Hono } from 'hono'
import * as z from 'zod'
import { DAY_MS, isoTime } from '../core/time'
import { sumUsage } from '../db/usage'
import type { UsageListJson } from '../wire/usage'
import { authenticate } from './auth'
import type { AppEnv } from './context'
import { invalid } from './errors'
import { dateSchema, readQuery } from './query'

const DAYS_DEFAULT = 30
const DAYS_MAX = 366

export const usageRangeSchema = z.strictObject({
  from: dateSchema
    .describe(`The first day in UTC; without it, ${DAYS_DEFAULT} days up to \`to\`.`)
    .optional(),
  to: dateSchema.describe(`The last day; without it today. At most ${DAYS_MAX} days.`).optional(),
})

export const usage = new Hono<AppEnv>()

usage.get('/', async (c) => {
  const { database, now } = c.get('ports')
  const principal = await authenticate(c)
  const query = readQuery(c, usageRangeSchema)
  const to = query.to ?? isoTime(now()).slice(0, 10)
  const endsAt = Date.parse(to) + DAY_MS
  const startsAt = query.from ? Date.parse(query.from) : endsAt - DAYS_DEFAULT * DAY_MS
  if (startsAt >= endsAt) throw invalid('from', 'from must not be after to.')
  if (endsAt - startsAt > DAYS_MAX * DAY_MS)
    throw invalid('from', `from and to may span at most ${DAYS_MAX} days.`)
  const keyId = principal.kind === 'client' ? principal.key.id : null
  const rows = await sumUsage(database, { startsAt, endsAt, keyId })
  return c.json({
    data: rows.map(({ keyId: id, ...row }) => (keyId === null ? { ...row, key_id: id } : row)),
  } satisfies UsageListJson)
})
