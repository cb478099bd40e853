/**
 * How many rows each reading request reads beside very many finished tasks: of a key that made
 * them all, of one that made none, and of the operator.
 */
import { ADMIN_TOKEN } from '../../local/gateway.ts'
import type { Gateway } from '../gateway.ts'
import { type Extent, exact, type Figure, type Row, timed } from '../row.ts'
import { seedTasks } from '../seed.ts'
import { runTemplates, withCountingGateway } from '../task-costs.ts'
import type { Upstream } from '../upstream.ts'
import { total } from '../workers/counts.ts'

const TASKS = 100_000
const TASKS_FULL = 1_000_000
const GOAL = 5_000
/** A key's own row and what is written beside it: no row of anybody else. */
const GOAL_WITHOUT_TASKS = 10

/** Of the key that made all tasks: found often, found never, and in between. */
const OWN = [
  '/v1/tasks',
  '/v1/tasks?limit=100',
  '/v1/tasks?status=succeeded',
  '/v1/tasks?status=failed',
  '/v1/tasks?status=queued',
  '/v1/tasks?error=provider_failed',
  '/v1/tasks?error=timed_out',
  '/v1/tasks?provider=nanobananaapi.dev',
  '/v1/tasks?charged=unknown',
  '/v1/tasks?metadata[order]=1',
  '/v1/tasks?metadata[order]=none',
  '/v1/tasks?created_before=2020-01-01',
  '/v1/usage',
  '/v1/providers',
]
const WITHOUT_TASKS = ['/v1/tasks', '/v1/tasks?status=failed', '/v1/usage']
const OPERATOR = [
  '/v1/tasks',
  '/v1/tasks?status=queued',
  '/v1/tasks?charged=unknown',
  '/v1/tasks?metadata[order]=none',
  '/v1/usage',
  '/v1/keys',
]

export const reads: Row = {
  name: 'reads',
  title: 'rows read by a request beside very many finished tasks',
  kind: 'count',
  measure: ({ isFull, say }) =>
    withCountingGateway(async (gateway, upstream) => {
      const bytes = await seed(gateway, upstream, isFull ? TASKS_FULL : TASKS, say)
      await gateway.untilQuiet()
      const stranger = await gateway.makeKey()
      const now = new Date().toISOString()
      const figures: Figure[] = []
      const ask = async (who: string, token: string, paths: string[], goal: number) => {
        for (const path of paths) {
          const name = `${who}: ${path.replace(now, 'now')}`
          figures.push(exact(name, await rowsRead(gateway, path, token), '', goal))
        }
      }
      const sinceNow = `/v1/tasks?created_after=${now}`
      await ask('own', gateway.key, [...OWN, sinceNow], GOAL)
      await ask('without tasks', stranger, [...WITHOUT_TASKS, sinceNow], GOAL_WITHOUT_TASKS)
      await ask('operator', ADMIN_TOKEN, [...OPERATOR, sinceNow], GOAL)
      const pass = total(await gateway.countsOf(() => gateway.runCron()))
      return [
        ...figures,
        exact('a pass of the cron', pass.rowsRead, '', GOAL),
        timed('bytes in D1 of a task with a webhook', bytes, '', null),
      ]
    }),
}

/** @returns bytes in D1 that a finished task with a webhook takes */
export function bytesPerTask({ say }: Extent): Promise<number> {
  return withCountingGateway((gateway, upstream) => seed(gateway, upstream, TASKS, say))
}

/** @returns bytes that each of them takes */
async function seed(
  gateway: Gateway,
  upstream: Upstream,
  tasks: number,
  say: Extent['say'],
): Promise<number> {
  const templates = await runTemplates(gateway, upstream)
  const database = await gateway.database
  const bytesBefore = await sizeOf(database)
  await seedTasks(database, templates, tasks, say)
  return ((await sizeOf(database)) - bytesBefore) / tasks
}

type Database = Awaited<Gateway['database']>

async function sizeOf(database: Database): Promise<number> {
  return (await database.prepare('select 1').run()).meta.size_after
}

async function rowsRead(gateway: Gateway, path: string, token: string): Promise<number> {
  const counts = await gateway.countsOf(async () => {
    const response = await gateway.get(path, token)
    if (response.status !== 200) throw new Error(`${path} answered ${await response.text()}`)
    await response.body?.cancel()
  })
  return total(counts).rowsRead
}
