/** The callbacks of the model-based test: genuine ones at all times, and those that are not. */
import { expect } from 'vitest'
import type { TaskJson } from '../../../src/wire/task'
import { isOver, type ModelTask } from './model-checks'
import type { Command } from './model-commands'
import type { World } from './model-world'

export type How = (Command & { type: 'callback' })['how']

const FOLLOWED_WITHIN_MS = 20_000
const PAUSE_MS = 50

const lastOf = ({ seen }: ModelTask) => seen?.attempts.at(-1)
const isCalledBack = (task: ModelTask) => lastOf(task)?.provider === 'aivideoapi.ai'
/** A job was taken whose end the sandbox will tell. */
const isTold = (task: ModelTask) =>
  isCalledBack(task) && task.paidMax > 0 && !task.story.directive.includes('callback=none')
const awaitsIt = (task: ModelTask) =>
  !isOver(task) && ['running', 'unknown'].includes(lastOf(task)?.status ?? '')

/** The tasks that can be called back about in this way. */
export function fits(how: How, task: ModelTask, all: readonly ModelTask[]): boolean {
  switch (how) {
    case 'valid':
    case 'twice':
      return isTold(task) && awaitsIt(task)
    case 'early':
      return isTold(task) && !isOver(task) && lastOf(task)?.status === 'submitting'
    case 'late':
      return isTold(task) && isOver(task)
    case 'forged':
    case 'unreadable':
      return isCalledBack(task)
    case 'stolen':
      return isCalledBack(task) && !isOver(task) && stolenFrom(task, all) !== undefined
  }
}

/** The id of a job that is another task's. */
const stolenFrom = (task: ModelTask, all: readonly ModelTask[]) =>
  all
    .filter((other) => other !== task && isCalledBack(other))
    .map(lastOf)
    .find(isBound)?.provider_task_id ?? undefined

const isBound = (attempt: TaskJson['attempts'][number] | undefined) =>
  attempt?.provider_task_id != null

/** @returns whether there was anything to call back with. */
export async function callBack(
  world: World,
  task: ModelTask,
  how: How,
  all: readonly ModelTask[],
): Promise<boolean> {
  const url = await world.callbackAddress(task.id)
  if (url === null) return false
  const body = JSON.stringify({ id: stolenFrom(task, all) ?? 'job_none', status: 'completed' })
  switch (how) {
    case 'forged':
      expect(await world.deliver({ url: url.replace(/.{5}$/, 'AAAAA'), body })).toBe(404)
      return true
    case 'unreadable':
      expect(await world.deliver({ url, body: '{"status":"completed"}' })).toBe(400)
      return true
    case 'stolen':
      expect(await world.deliver({ url, body })).toBe(200)
      return true
  }
  const waiting = await world.callbacksOf(task.id)
  const sent = how === 'twice' ? [...waiting, ...waiting] : waiting
  const statuses = await Promise.all(sent.map((callback) => world.deliver(callback)))
  expect(statuses).toEqual(sent.map(() => 200))
  if (awaitsIt(task) && sent.length > 0) await expectFollowed(world, task)
  return sent.length > 0
}

/** Nobody else need say so: the provider is asked at once how the job ended. */
async function expectFollowed(world: World, { id, client }: ModelTask): Promise<void> {
  const isEnded = async () => {
    const response = await world.call(`/v1/tasks/${id}`, { token: client.key })
    const { attempts } = await response.json<TaskJson>()
    return attempts.some(({ status }) => ['succeeded', 'failed'].includes(status))
  }
  await expect.poll(isEnded, { timeout: FOLLOWED_WITHIN_MS, interval: PAUSE_MS }).toBe(true)
}
