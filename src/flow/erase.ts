/**
 * Taking pictures out of the bucket: of a task that the client deleted, or by age.
 *
 * Invariant: the bucket is emptied before the row says so, so a run that dies in between leaves
 * work to be found, never a picture that nobody remembers.
 */
import { isTerminal } from '../core/task'
import { DAY_MS } from '../core/time'
import { loadTask } from '../db/tasks'
import { OUTPUTS_PREFIX, outputsPrefix, taskIdOf, UPLOADS_PREFIX } from '../outputs/bucket'
import type { Ports } from './ports'
import { settle } from './settle'

/** What one cron run deletes of each kind at most. */
const OBJECTS_MAX = 200

/** Removes all pictures of a task that is over, and says so in its row. */
export async function erase(ports: Ports, taskId: string): Promise<void> {
  await removePictures(ports, taskId)
  await settle(ports, taskId, { type: 'erased' })
}

export async function removePictures(ports: Ports, taskId: string): Promise<void> {
  for (;;) {
    const { objects } = await ports.bucket.list({ prefix: outputsPrefix(taskId) })
    // Until nothing is found: a rendition may have been put between the list and the deletion.
    if (objects.length === 0) return
    await ports.bucket.delete(objects.map(({ key }) => key))
  }
}

/**
 * Removes outputs and uploads older than `RETENTION_DAYS`, a bounded number at a time.
 *
 * Ids sort by time, so the oldest objects are the first ones in the bucket.
 */
export async function eraseOutdated(ports: Ports): Promise<void> {
  const { retentionDays } = ports.settings
  if (retentionDays === 0) return
  const before = ports.now() - retentionDays * DAY_MS
  const uploads = await outdatedKeys(ports, UPLOADS_PREFIX, before)
  if (uploads.length > 0) await ports.bucket.delete(uploads)
  const outputs = await outdatedKeys(ports, OUTPUTS_PREFIX, before)
  for (const taskId of new Set(outputs.map(taskIdOf))) {
    const task = await loadTask(ports.database, taskId)
    if (!task || isTerminal(task)) await erase(ports, taskId)
  }
  if (uploads.length + outputs.length > 0) {
    ports.log({ event: 'retention', outcome: `${uploads.length + outputs.length} objects` })
  }
}

async function outdatedKeys(ports: Ports, prefix: string, before: number): Promise<string[]> {
  const { objects } = await ports.bucket.list({ prefix, limit: OBJECTS_MAX })
  return objects.filter(({ uploaded }) => uploaded.getTime() < before).map(({ key }) => key)
}
