/** `GET /v1/usage`: what was paid for, by day, provider or key, summed from the ledger of attempts. */
import * as z from 'zod'
import { roundMoney } from '../core/spending'
import { DAY_MS, isoTime } from '../core/time'
import { sumUsage, USAGE_GROUPS, type UsageGroup, type UsageRow } from '../db/usage'
import { dateSchema } from '../wire/query-values'
import { type UsageRowJson, type UsageTotalJson, usageListSchema } from '../wire/usage'
import { keyIdOf } from './auth'
import { json } from './endpoint/answer'
import { endpoint } from './endpoint/endpoint'
import { invalid } from './errors'
import { KEY_ID } from './keys/key'

const DAYS_DEFAULT = 30
const DAYS_MAX = 366
const GROUPS_DEFAULT = 'provider,day'

const querySchema = z.strictObject({
  from: dateSchema
    .optional()
    .describe(`The first day, in UTC. Without it, ${DAYS_DEFAULT} days up to \`to\`.`),
  to: dateSchema
    .optional()
    .describe(`The last day, included. Without it, today. ${DAYS_MAX} days at most.`),
  group_by: z
    .string()
    .default(GROUPS_DEFAULT)
    .transform((text) => text.split(','))
    .refine(areGroups, `must be one or more of ${USAGE_GROUPS.join(', ')}, each once`)
    .meta({
      type: 'string',
      description: 'What gets a row of its own: `day`, `provider` and `key`, separated by commas.',
      examples: ['day,provider'],
    }),
  key_id: z
    .string()
    .optional()
    .meta({ description: 'Only what this key paid. For the admin token.', examples: [KEY_ID] }),
})

const sums: UsageTotalJson = {
  images: 12,
  credits: 56.4,
  usd: 0.282,
  unknown: 1,
  unknown_credits: 4.7,
  unknown_usd: 0.0235,
}

export const listUsage = endpoint({
  id: 'listUsage',
  method: 'get',
  path: '/v1/usage',
  tag: 'Money',
  summary: 'Read the usage',
  description:
    'What was paid for, summed from the ledger: a row for each group that was or may have been charged, and the total. A key sees its own, the admin token every one.',
  access: 'reader',
  query: querySchema,
  answers: {
    200: json(usageListSchema, 'A row for each group, and the total.', {
      data: [{ day: '2026-11-21', provider: 'aivideoapi.ai', ...sums }],
      total: sums,
    }),
  },
  examples: [
    { title: 'A month', query: { from: '2026-11-01', to: '2026-11-30' } },
    { title: 'Today, by key', query: { group_by: 'key', from: '2026-11-21', to: '2026-11-21' } },
  ],
}).handle(async ({ ports: { database, now }, caller, query }) => {
  const to = query.to ?? isoTime(now()).slice(0, 10)
  const endsAt = Date.parse(to) + DAY_MS
  const startsAt = query.from ? Date.parse(query.from) : endsAt - DAYS_DEFAULT * DAY_MS
  if (startsAt >= endsAt) return invalid('from', 'from must not be after to.')
  if (endsAt - startsAt > DAYS_MAX * DAY_MS)
    return invalid('from', `from and to may be at most ${DAYS_MAX} days apart.`)
  if (query.key_id !== undefined && caller.kind === 'client')
    return invalid('key_id', 'key_id is for the admin token; a key sees its own usage.')
  const keyId = query.key_id ?? keyIdOf(caller)
  const groups = new Set(query.group_by.filter(isGroup))
  const rows = await sumUsage(database, { startsAt, endsAt, keyId, groups })
  return { status: 200, body: { data: rows.map(rowJson), total: totalOf(rows) } }
})

function isGroup(name: string): name is UsageGroup {
  return USAGE_GROUPS.some((group) => group === name)
}

function areGroups(names: string[]): boolean {
  return names.every(isGroup) && new Set(names).size === names.length
}

function rowJson(row: UsageRow): UsageRowJson {
  return {
    ...(row.day === null ? {} : { day: row.day }),
    ...(row.provider === null ? {} : { provider: row.provider }),
    ...(row.keyId === null ? {} : { key_id: row.keyId, key_name: row.keyName }),
    images: row.images,
    credits: row.credits,
    usd: row.usd,
    unknown: row.unknown,
    unknown_credits: row.unknownCredits,
    unknown_usd: row.unknownUsd,
  }
}

function totalOf(rows: readonly UsageRow[]): UsageTotalJson {
  const add = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
  return {
    images: add(rows.map(({ images }) => images)),
    credits: addAmounts(rows.map(({ credits }) => credits)),
    usd: addAmounts(rows.map(({ usd }) => usd)),
    unknown: add(rows.map(({ unknown }) => unknown)),
    unknown_credits: addAmounts(rows.map(({ unknownCredits }) => unknownCredits)),
    unknown_usd: addAmounts(rows.map(({ unknownUsd }) => unknownUsd)),
  }
}

/** What is known of a sum: null where parts of it are not, and nothing else is left of it. */
function addAmounts(amounts: ReadonlyArray<number | null>): number | null {
  const sum = amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0)
  return sum === 0 && amounts.includes(null) ? null : roundMoney(sum)
}
