/**
 * Taking the pictures of a task out of the bucket.
 *
 * Invariant: the bucket is emptied before the row says so, so a run that dies in between leaves
 * work to be found, never a picture that nobody remembers.
 */
import { outputsPrefix } from '../outputs/bucket'
import type { Ports } from './ports'
import { settle } from './settle'

/** Removes all pictures of a task that is over, and says so in its row. */
export async function erase(ports: Ports, taskId: string): Promise<void> {
  await removePictures(ports, taskId)
  await settle(ports, taskId, { type: 'erased' })
}

/** Until nothing is found: a rendition may have been put between a list and its deletion. */
export async function removePictures({ bucket }: Ports, taskId: string): Promise<void> {
  for (;;) {
    const { objects } = await bucket.list({ prefix: outputsPrefix(taskId) })
    if (objects.length === 0) return
    await bucket.delete(objects.map(({ key }) => key))
  }
}
