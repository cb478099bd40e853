/**
 * Taking pictures out of the bucket: of a task that the client deleted, or by age.
 *
 * Invariant: the bucket is emptied before the row says so, so a run that dies in between leaves
 * work to be found, never a picture that nobody remembers.
 */
import type { Attempt } from '../core/attempt'
import { isTerminal, type Task } from '../core/task'
import { DAY_MS } from '../core/time'
import { loadTask } from '../db/tasks'
import { ANSWERS_PREFIX, answerKey } from '../outputs/answer'
import { OUTPUTS_PREFIX, outputsPrefix, taskIdOf, UPLOADS_PREFIX } from '../outputs/bucket'
import type { Ports } from './ports'
import { settle } from './settle'

/** What one cron run deletes of each kind at most. */
const OBJECTS_MAX = 200

/** What tells where the pictures of a task may be. */
type Owner = Pick<Task, 'id'> & { attempts: ReadonlyArray<Pick<Attempt, 'id'>> }

/** Removes all pictures of a task that is over, and says so in its row. */
export async function erase(ports: Ports, task: Owner): Promise<void> {
  await removePictures(ports, task)
  await settle(ports, task.id, { type: 'erased' })
}

/** Removes the pictures, and the answers that have some in them. */
export async function removePictures({ bucket }: Ports, { id, attempts }: Owner): Promise<void> {
  if (attempts.length > 0) await bucket.delete(attempts.map((attempt) => answerKey(attempt.id)))
  // Until nothing is found: a rendition may have been put between a list and its deletion.
  for (;;) {
    const { objects } = await bucket.list({ prefix: outputsPrefix(id) })
    if (objects.length === 0) return
    await bucket.delete(objects.map(({ key }) => key))
  }
}

/**
 * Removes outputs, uploads and kept answers older than `RETENTION_DAYS`, a bounded number at a time.
 *
 * Ids sort by time, so the oldest objects are the first ones in the bucket.
 */
export async function eraseOutdated(ports: Ports): Promise<void> {
  const { retentionDays } = ports.settings
  if (retentionDays === 0) return
  const before = ports.now() - retentionDays * DAY_MS
  const uploads = await outdatedKeys(ports, UPLOADS_PREFIX, before)
  const answers = await outdatedKeys(ports, ANSWERS_PREFIX, before)
  const loose = [...uploads, ...answers]
  if (loose.length > 0) await ports.bucket.delete(loose)
  const outputs = await outdatedKeys(ports, OUTPUTS_PREFIX, before)
  for (const taskId of new Set(outputs.map(taskIdOf))) {
    const task = await loadTask(ports.database, taskId)
    if (!task || isTerminal(task)) await erase(ports, task ?? { id: taskId, attempts: [] })
  }
  const objects = loose.length + outputs.length
  if (objects > 0) ports.log({ event: 'retention', outcome: `${objects} objects` })
}

async function outdatedKeys(ports: Ports, prefix: string, before: number): Promise<string[]> {
  const { objects } = await ports.bucket.list({ prefix, limit: OBJECTS_MAX })
  return objects.filter(({ uploaded }) => uploaded.getTime() < before).map(({ key }) => key)
}
