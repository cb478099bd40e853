/**
 * What is older than `RETENTION_DAYS` goes: pictures, uploads, and of tasks what the client said. The
 * ledger stays.
 *
 * Tasks are found by their ids, which sort by time, from where the run before ended; each run does a
 * bounded piece. What is found in the bucket all the same, such as a picture whose row is gone, goes
 * by its own age.
 */
import { isTerminal, type Task } from '../core/task'
import { DAY_MS } from '../core/time'
import { recordRetention, retentionReachedAt } from '../db/moments'
import { findOutdatedTasks } from '../db/outdated'
import { loadTasks } from '../db/task-list'
import { loadTask } from '../db/tasks'
import { ANSWERS_PREFIX } from '../outputs/answer'
import { OUTPUTS_PREFIX, taskIdOf, UPLOADS_PREFIX } from '../outputs/bucket'
import { erase, removePictures } from './erase'
import type { Ports } from './ports'
import { settle } from './settle'

/** Of one run, whose queries and calls the platform counts. */
const TASKS_MAX = 100
const OBJECTS_MAX = 200
const ERASED_MAX = 30
/** By then nobody looks for the pictures in it any more. */
const ANSWER_AGE_MAX_MS = DAY_MS

/** Clears a piece of what is too old; nothing while retention is off. */
export async function clearOutdated(ports: Ports): Promise<void> {
  const { retentionDays } = ports.settings
  if (retentionDays === 0) return
  const before = ports.now() - retentionDays * DAY_MS
  const tasks = await clearTasks(ports, before)
  const uploads = await removeOld(ports, UPLOADS_PREFIX, before)
  const outputs = await eraseForgotten(ports, before)
  if (tasks + uploads + outputs > 0) {
    const outcome = `${tasks} tasks, ${uploads} uploads, ${outputs} forgotten pictures`
    ports.log({ event: 'retention', outcome })
  }
}

/** Removes kept answers whose pictures were never taken out. */
export async function removeOldAnswers(ports: Ports): Promise<void> {
  await removeOld(ports, ANSWERS_PREFIX, ports.now() - ANSWER_AGE_MAX_MS)
}

async function clearTasks(ports: Ports, before: number): Promise<number> {
  const { database } = ports
  const from = (await retentionReachedAt(database)) ?? 0
  if (from >= before) return 0
  const { ids, reachedAt } = await findOutdatedTasks(database, from, before, TASKS_MAX)
  for (const task of await loadTasks(database, ids)) await clear(ports, task)
  await recordRetention(database, reachedAt)
  return ids.length
}

async function clear(ports: Ports, task: Task): Promise<void> {
  if (!isTerminal(task)) return
  if (task.outputs.length > 0) await removePictures(ports, task)
  await settle(ports, task.id, { type: 'outdated' }, task)
}

/** Ids sort by time, so the oldest objects are the first ones in the bucket. */
async function oldObjects(
  { bucket }: Ports,
  prefix: string,
  before: number,
  limit: number,
): Promise<string[]> {
  const { objects } = await bucket.list({ prefix, limit })
  return objects.filter(({ uploaded }) => uploaded.getTime() < before).map(({ key }) => key)
}

async function removeOld(ports: Ports, prefix: string, before: number): Promise<number> {
  const keys = await oldObjects(ports, prefix, before, OBJECTS_MAX)
  if (keys.length > 0) await ports.bucket.delete(keys)
  return keys.length
}

async function eraseForgotten(ports: Ports, before: number): Promise<number> {
  const keys = await oldObjects(ports, OUTPUTS_PREFIX, before, ERASED_MAX)
  for (const taskId of new Set(keys.map(taskIdOf))) {
    const task = await loadTask(ports.database, taskId)
    if (!task || isTerminal(task)) await erase(ports, task ?? { id: taskId, attempts: [] })
  }
  return keys.length
}
