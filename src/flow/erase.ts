/**
 * Taking the pictures of a task out of the bucket.
 *
 * Invariant: the bucket is emptied before the row says so, so a run that dies in between leaves
 * work to be found, never a picture that nobody remembers.
 */
import type { Attempt } from '../core/attempt'
import type { Task } from '../core/task'
import { answerKey } from '../outputs/answer'
import { outputsPrefix } from '../outputs/bucket'
import type { Ports } from './ports'
import { settle } from './settle'

/** What tells where the pictures of a task may be. */
type Owner = Pick<Task, 'id'> & { attempts: ReadonlyArray<Pick<Attempt, 'id'>> }

/** Removes all pictures of a task that is over, and says so in its row. */
export async function erase(ports: Ports, task: Owner): Promise<void> {
  await removePictures(ports, task)
  await settle(ports, task.id, { type: 'erased' })
}

/** Removes the pictures, and the answers that have some in them. */
export async function removePictures(ports: Ports, owner: Owner): Promise<void> {
  const { bucket } = ports
  await removeAnswers(ports, owner)
  // Until nothing is found: a rendition may have been put between a list and its deletion.
  for (;;) {
    const { objects } = await bucket.list({ prefix: outputsPrefix(owner.id) })
    if (objects.length === 0) return
    await bucket.delete(objects.map(({ key }) => key))
  }
}

/** Removes the answers that were kept for the pictures in them. */
export async function removeAnswers({ bucket }: Ports, { attempts }: Owner): Promise<void> {
  if (attempts.length > 0) await bucket.delete(attempts.map(({ id }) => answerKey(id)))
}
