/**
 * Webhooks that failed. The gateway has no list of them, so they are looked for in tasks, newest first,
 * and how far back that went is part of what is found.
 *
 * Invariant: everything made since the oldest task that was looked at is in the look.
 */
import { type Delivery, ImagegateError, type Task } from '../../client/index.ts'
import { client } from '../session.ts'
import { resource } from './resource.ts'

const PAGE_SIZE = 100
/** A look ends after so many pages, or when it has found enough. */
const PAGES_A_LOOK = 3
const ENOUGH = 20
const ASKED_AT_ONCE = 3

export interface FailedDelivery {
  task: Task
  delivery: Delivery
}

export interface Look {
  failed: FailedDelivery[]
  /** How many tasks were looked at. */
  tasks: number
  /** When the oldest of them was made; null where there is no task. */
  since: string | null
  /** Nothing is older. */
  isWhole: boolean
}

const seen = new Map<string, Task>()
const failed = new Map<string, FailedDelivery[]>()
/** Tasks whose webhooks have all arrived. */
const arrived = new Set<string>()
/** Where older tasks begin; null when there are none, undefined before the first look. */
let older: string | null | undefined

/** Loading it looks at what is new; the first time, at the newest. */
export const webhooks = resource(() => inTurn(older === undefined ? lookBack : lookAtNews))

export async function lookFurtherBack(): Promise<void> {
  await inTurn(lookBack)
  await webhooks.load()
}

let turn: Promise<unknown> = Promise.resolve()

/** One look at a time. */
function inTurn(look: () => Promise<void>): Promise<Look> {
  const done = turn.then(look).then(result)
  turn = done.catch(() => undefined)
  return done
}

function result(): Look {
  const oldest = [...seen.keys()].sort()[0]
  return {
    failed: [...failed.values()].flat().sort((a, b) => (a.task.id < b.task.id ? 1 : -1)),
    tasks: seen.size,
    since: (oldest && seen.get(oldest)?.created_at) ?? null,
    isWhole: older === null,
  }
}

async function lookBack(): Promise<void> {
  const before = failed.size
  for (let pages = 0; pages < PAGES_A_LOOK && older !== null; pages++) {
    const start = older === undefined ? {} : { cursor: older }
    const { data, next_cursor: next } = await client().tasks.list({ ...start, limit: PAGE_SIZE })
    await ask(data)
    older = next
    if (failed.size - before >= ENOUGH) return
  }
}

/** At what was made since, at what was not over then, and at what failed and may have arrived meanwhile. */
async function lookAtNews(): Promise<void> {
  const ids = [...seen.keys()].sort()
  const first = ids.find((id) => seen.get(id)?.completed_at === null) ?? ids.at(-1)
  const since = first && seen.get(first)?.created_at
  const start = since ? { created_after: since, limit: PAGE_SIZE } : { limit: PAGE_SIZE }
  const news: Task[] = []
  let cursor: string | null = null
  for (let pages = 0; pages === 0 || cursor; pages++) {
    if (pages === PAGES_A_LOOK) return lookAnew()
    const page = await client().tasks.list(cursor ? { ...start, cursor } : start)
    news.push(...page.data)
    cursor = page.next_cursor
  }
  const known = [...failed.values()].flatMap((list) => list.map(({ task }) => task))
  await ask([...new Map([...known, ...news].map((task) => [task.id, task])).values()])
}

/** After a long time away. */
function lookAnew(): Promise<void> {
  for (const known of [seen, failed, arrived]) known.clear()
  older = undefined
  return lookBack()
}

/** How the webhooks of these tasks went, which is one request each. */
async function ask(tasks: readonly Task[]): Promise<void> {
  const waiting = tasks.filter(
    ({ id, request, completed_at }) => request.callback_url && completed_at && !arrived.has(id),
  )
  const work = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) await askOne(task)
  }
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, work))
  for (const task of tasks) seen.set(task.id, task)
}

async function askOne(task: Task): Promise<void> {
  const deliveries = await readDeliveries(task.id)
  const bad = deliveries.filter(({ status, tries }) => status !== 'delivered' && tries > 0)
  if (bad.length > 0)
    failed.set(
      task.id,
      bad.map((delivery) => ({ task, delivery })),
    )
  else failed.delete(task.id)
  if (deliveries.every(({ status }) => status === 'delivered')) arrived.add(task.id)
}

/** None where somebody has deleted the task. */
async function readDeliveries(id: string): Promise<Delivery[]> {
  try {
    return await client().tasks.deliveries(id)
  } catch (error) {
    if (error instanceof ImagegateError && error.status === 404) return []
    throw error
  }
}
