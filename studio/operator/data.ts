/** What the operator's view shows, each part loaded by itself. */
import type { Attempt, Delivery, Task } from '../../client/index.ts'
import { type HealthFacts, type ProviderFacts, type UsageFacts, usageFacts } from '../newer.ts'
import { client } from '../session.ts'
import { resource } from './resource.ts'
import { firstDayShown } from './spending.ts'

/** The newest tasks that are looked through for webhooks that failed. */
const TASKS_LOOKED_THROUGH = 100
const DELIVERIES_AT_ONCE = 3
const UNKNOWN_MAX = 50

export interface FailedDelivery {
  task: Task
  delivery: Delivery
}

export const health = resource<HealthFacts>(() => client().health())
export const providerFacts = resource<ProviderFacts[]>(() => client().providers.list())
export const keys = resource(() => client().keys.list())
export const usage = resource<UsageFacts[]>(readUsage)
export const unknown = resource(readUnknown)
export const failedDeliveries = resource(readFailedDeliveries)

async function readUsage(): Promise<UsageFacts[]> {
  const from = firstDayShown(new Date())
  return usageFacts(await client().usage.list({ from, group_by: 'day,provider,key' }))
}

const ALL = [health, providerFacts, keys, usage, unknown, failedDeliveries]

export async function loadAll(): Promise<void> {
  await Promise.all(ALL.map(({ load }) => load()))
}

/** Of a submission that is still under way it is only early to know. */
export function isUnsettled({ charged, ended_at }: Attempt): boolean {
  return charged === 'unknown' && ended_at !== null
}

async function readUnknown(): Promise<Task[]> {
  const { data } = await client().tasks.list({ charged: 'unknown', limit: UNKNOWN_MAX })
  return data.filter(({ attempts }) => attempts.some(isUnsettled))
}

async function readFailedDeliveries(): Promise<FailedDelivery[]> {
  const { data } = await client().tasks.list({ limit: TASKS_LOOKED_THROUGH })
  const waiting = data.filter(({ request, completed_at }) => request.callback_url && completed_at)
  const found: FailedDelivery[] = []
  const read = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const deliveries = await client().tasks.deliveries(task.id)
      for (const delivery of deliveries)
        if (delivery.status !== 'delivered' && delivery.tries > 0) found.push({ task, delivery })
    }
  }
  await Promise.all(Array.from({ length: DELIVERIES_AT_ONCE }, read))
  return found.sort((a, b) => (a.task.id < b.task.id ? 1 : -1))
}
