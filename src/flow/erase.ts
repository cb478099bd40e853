/**
 * Taking pictures out of the bucket: of a task that the client deleted, or by age.
 *
 * Invariant: the bucket is emptied before the row says so, so a run that dies in between leaves
 * work to be found, never a picture that nobody remembers.
 */
import { isTerminal, type Task } from '../core/task'
import { DAY_MS } from '../core/time'
import { loadTask } from '../db/tasks'
import { OUTPUTS_PREFIX, outputsPrefix, taskIdOf, UPLOADS_PREFIX } from '../outputs/bucket'
import type { Engine } from './engine'
import { settle } from './settle'

/** What one cron run deletes of each kind at most. */
const OBJECTS_MAX = 200

/**
 * Removes all pictures of a task that is over.
 *
 * @returns the changed task, or null when its row already said so.
 */
export async function erase(engine: Engine, taskId: string): Promise<Task | null> {
  for (;;) {
    const { objects } = await engine.bucket.list({ prefix: outputsPrefix(taskId) })
    // Until nothing is found: a rendition may have been put between the list and the deletion.
    if (objects.length === 0) break
    await engine.bucket.delete(objects.map(({ key }) => key))
  }
  return settle(engine, taskId, { type: 'erased' })
}

/**
 * Removes outputs and uploads older than `RETENTION_DAYS`, a bounded number at a time.
 *
 * Ids sort by time, so the oldest objects are the first ones in the bucket.
 */
export async function eraseOutdated(engine: Engine): Promise<void> {
  const { retentionDays } = engine.settings
  if (retentionDays === 0) return
  const before = engine.now() - retentionDays * DAY_MS
  const uploads = await outdatedKeys(engine, UPLOADS_PREFIX, before)
  if (uploads.length > 0) await engine.bucket.delete(uploads)
  const outputs = await outdatedKeys(engine, OUTPUTS_PREFIX, before)
  for (const taskId of new Set(outputs.map(taskIdOf))) {
    const task = await loadTask(engine.database, taskId)
    if (!task || isTerminal(task)) await erase(engine, taskId)
  }
  if (uploads.length + outputs.length > 0) {
    engine.log({ event: 'retention', outcome: `${uploads.length + outputs.length} objects` })
  }
}

async function outdatedKeys(engine: Engine, prefix: string, before: number): Promise<string[]> {
  const { objects } = await engine.bucket.list({ prefix, limit: OBJECTS_MAX })
  return objects.filter(({ uploaded }) => uploaded.getTime() < before).map(({ key }) => key)
}
