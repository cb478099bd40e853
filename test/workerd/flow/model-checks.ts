/** What the model-based test expects of a task at any time, and of all of them at the end. */
import { expect } from 'vitest'
import type { Job } from '../../../sandbox/jobs'
import type { TaskJson } from '../../../src/wire/task'
import { paidJobs } from '../world/gateway'
import type { Story } from './model-commands'
import type { Client, World } from './model-world'

/** What the model knows of a task. */
export interface ModelTask {
  id: string
  client: Client
  idempotencyKey: string | null
  prompt: string
  story: Story
  /** How it may end; grows with what was done to it. */
  ends: Set<string>
  /** Whether it ends without a deadline, whatever callbacks and ticks get lost. */
  endsAlone: boolean
  /** The most jobs that may be paid for it and not refunded. */
  paidMax: number
  /** As it was seen last. */
  seen: TaskJson | null
}

export const isOver = (task: ModelTask) => task.seen?.completed_at != null

/**
 * What holds of all tasks of a play at any time.
 *
 * @param run is in their prompts alone
 * @param which are looked at; one that is over must still be the same when it is looked at again
 */
export async function checkTasks(
  world: World,
  clients: Client[],
  tasks: ModelTask[],
  run: string,
  which: 'open' | 'all',
): Promise<void> {
  const missing = await world.call('/v1/tasks/task_none', { token: clients[0]?.key ?? '' })
  const nothing = await missing.text()
  const looked = tasks.filter((task) => which === 'all' || !isOver(task))
  const views = await Promise.all(looked.map((task) => see(world, clients, task, nothing)))
  // Read after the tasks, so that whatever they name is among them.
  const jobs = await paidJobs(run)
  for (const task of tasks) expectPaidOnce(task, jobsOf(task, jobs))
  for (const [position, task] of looked.entries()) {
    const now = views[position]
    if (now) checkTask(task, now, jobsOf(task, jobs))
  }
}

/** By its key alone. */
async function see(
  world: World,
  clients: Client[],
  { id, client }: ModelTask,
  nothing: string,
): Promise<TaskJson> {
  const stranger = clients.find((other) => other !== client)
  const foreign = await world.call(`/v1/tasks/${id}`, { token: stranger?.key ?? '' })
  expect([foreign.status, await foreign.text()]).toEqual([404, nothing])
  const response = await world.call(`/v1/tasks/${id}`, { token: client.key })
  expect(response.status).toBe(200)
  return response.json()
}

const jobsOf = ({ prompt }: ModelTask, all: Job[]) =>
  all.filter((job) => job.prompt.includes(prompt))

/** Or as often as its client accepted. */
function expectPaidOnce({ paidMax }: ModelTask, jobs: Job[]): void {
  expect(jobs.filter((job) => !job.refunded).length).toBeLessThanOrEqual(paidMax)
}

/** Never back from where it was, and with no other task's job. */
function checkTask(task: ModelTask, now: TaskJson, jobs: Job[]): void {
  const { seen } = task
  for (const { provider_task_id } of now.attempts)
    if (provider_task_id !== null) expect(jobs.map((job) => job.id)).toContain(provider_task_id)
  if (now.status === 'succeeded') expect(now.outputs).toHaveLength(1)
  if (seen) expect(rank(now)).toBeGreaterThanOrEqual(rank(seen))
  if (seen && isOver(task)) {
    const { status, completed_at, error } = seen
    expect(now).toMatchObject({ status, completed_at, error })
  }
  task.seen = now
}

/** Each ended as it may, its picture is there, and no other task was made. */
export async function checkEnds(
  world: World,
  clients: Client[],
  tasks: ModelTask[],
): Promise<void> {
  for (const { ends, seen } of tasks) {
    expect([...ends]).toContain(seen?.error?.code ?? seen?.status)
    for (const { url, bytes } of seen?.outputs ?? []) {
      const response = await world.call(url)
      expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, bytes])
    }
  }
  for (const client of clients) {
    const expected = tasks.filter((task) => task.client === client)
    expect(await world.rowsOf(client)).toEqual(
      expected.map((task) => ({ id: task.id, idempotency_key: task.idempotencyKey })),
    )
  }
}

const isTerminal = (status: string) => ['succeeded', 'failed', 'canceled'].includes(status)

function rank({ status }: TaskJson): number {
  return Math.max(0, ['queued', 'processing'].indexOf(status)) + (isTerminal(status) ? 2 : 0)
}
