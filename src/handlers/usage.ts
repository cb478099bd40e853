/** `GET /v1/usage`: what was paid for, by provider and day, summed from the ledger of attempts. */
import * as z from 'zod'
import { DAY_MS, isoTime } from '../core/time'
import { sumUsage } from '../db/usage'
import { dateSchema } from '../wire/query-values'
import { usageListSchema } from '../wire/usage'
import { keyIdOf } from './auth'
import { json } from './endpoint/answer'
import { endpoint } from './endpoint/endpoint'
import { invalid } from './errors'

const DAYS_DEFAULT = 30
const DAYS_MAX = 366

const querySchema = z.strictObject({
  from: dateSchema
    .optional()
    .describe(`The first day, in UTC. Without it, ${DAYS_DEFAULT} days up to \`to\`.`),
  to: dateSchema
    .optional()
    .describe(`The last day, included. Without it, today. ${DAYS_MAX} days at most.`),
})

export const listUsage = endpoint({
  id: 'listUsage',
  method: 'get',
  path: '/v1/usage',
  tag: 'Money',
  summary: 'Read the usage',
  description:
    'What was paid for, by provider and day, summed from the ledger. The admin token sees every key.',
  access: 'reader',
  query: querySchema,
  answers: {
    200: json(usageListSchema, 'One row per provider and day.', {
      data: [
        {
          provider: 'aivideoapi.ai',
          day: '2026-11-21',
          images: 12,
          credits: 56.4,
          usd: 0.282,
          unknown: 0,
        },
      ],
    }),
  },
  examples: [{ title: 'A month', query: { from: '2026-11-01', to: '2026-11-30' } }],
}).handle(async ({ ports: { database, now }, caller, query }) => {
  const to = query.to ?? isoTime(now()).slice(0, 10)
  const endsAt = Date.parse(to) + DAY_MS
  const startsAt = query.from ? Date.parse(query.from) : endsAt - DAYS_DEFAULT * DAY_MS
  if (startsAt >= endsAt) return invalid('from', 'from must not be after to.')
  if (endsAt - startsAt > DAYS_MAX * DAY_MS)
    return invalid('from', `from and to may be at most ${DAYS_MAX} days apart.`)
  const keyId = keyIdOf(caller)
  const rows = await sumUsage(database, { startsAt, endsAt, keyId })
  const data = rows.map(({ keyId: id, ...row }) => (keyId === null ? { ...row, key_id: id } : row))
  return { status: 200, body: { data } }
})
