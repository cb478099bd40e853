/** What the model-based test expects of a task at any time, and of all of them at the end. */
import { expect } from 'vitest'
import { paidJobs, type TaskJson } from '../world/gateway'
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
  /** The most jobs that may be paid for it and not refunded. */
  paidMax: number
  /** As it was seen last. */
  seen: TaskJson | null
}

export const isOver = (task: ModelTask) => task.seen?.completed_at != null

/** Seen by its key alone, never back from where it was, and not paid too often. */
export async function checkTask(world: World, clients: Client[], task: ModelTask): Promise<void> {
  const { id, client, prompt, seen } = task
  const stranger = clients.find((other) => other !== client)
  const response = await world.call(`/v1/tasks/${id}`, { token: client.key })
  expect(response.status).toBe(200)
  const now: TaskJson = await response.json()
  const foreign = await world.call(`/v1/tasks/${id}`, { token: stranger?.key ?? '' })
  const missing = await world.call('/v1/tasks/task_none', { token: client.key })
  expect([foreign.status, await foreign.text()]).toEqual([404, await missing.text()])

  const jobs = await paidJobs(prompt)
  const paid = jobs.filter((job) => !job.refunded)
  expect(paid.length).toBeLessThanOrEqual(task.paidMax)
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
