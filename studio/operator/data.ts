/** What the operator's view shows, each part loaded by itself. */
import type { Attempt, Task } from '../../client/index.ts'
import { client } from '../session.ts'
import { resource } from './resource.ts'
import { firstDayShown, USAGE_GROUPS, usageFacts } from './spending.ts'
import { webhooks } from './webhooks.ts'

const UNKNOWN_MAX = 50

export const health = resource(() => client().health())
export const providerFacts = resource(() => client().providers.list())
export const keys = resource(() => client().keys.list())
export const usage = resource(readUsage)
export const unknown = resource(readUnknown)

async function readUsage() {
  const from = firstDayShown(new Date())
  return usageFacts(await client().usage.list({ from, group_by: USAGE_GROUPS }))
}

const ALL = [health, providerFacts, keys, usage, unknown, webhooks]

/** @returns whether all of it could be had. */
export async function loadAll(): Promise<boolean> {
  await Promise.all(ALL.map(({ load }) => load()))
  return ALL.every(({ fault }) => fault.value === null)
}

/** Of a submission that is still under way it is only early to know. */
export function isUnsettled({ charged, ended_at }: Attempt): boolean {
  return charged === 'unknown' && ended_at !== null
}

async function readUnknown(): Promise<Task[]> {
  const { data } = await client().tasks.list({ charged: 'unknown', limit: UNKNOWN_MAX })
  return data.filter(({ attempts }) => attempts.some(isUnsettled))
}
