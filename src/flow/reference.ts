/** Pictures that lie here already, as addresses that a provider can fetch as references. */
import { storedOutputs } from '../core/task'
import { loadTask } from '../db/tasks'
import { uploadKey } from '../outputs/bucket'
import type { Ports } from './ports'
import { signedUrl } from './signed-url'
import { outputPath } from './task-json'

const UPLOAD_ID = /^upl_[0-9a-f]{32}$/
/** A task, and which of its pictures: the first one unless it says another. */
const OUTPUT_NAME = /^(task_[0-9a-f]{32})(?:\/(\d{1,2}))?$/

/** An upload of this key, signed for so long; null when there is none. */
export async function addressOfUpload(
  ports: Ports,
  keyId: string,
  id: string,
  validSeconds: number,
): Promise<string | null> {
  // The bucket refuses keys that are too long, so it is not asked for what can't be there.
  const object = UPLOAD_ID.test(id) ? await ports.bucket.head(uploadKey(id)) : null
  if (object?.customMetadata?.keyId !== keyId) return null
  return signedUrl(ports.settings, `/v1/uploads/${id}`, ports.now() + validSeconds * 1000)
}

/** A picture that a task of this key made, such as `task_…` or `task_…/2`; null when there is none. */
export async function addressOfOutput(
  ports: Ports,
  keyId: string,
  name: string,
  validSeconds: number,
): Promise<string | null> {
  const [, id = '', number = '0'] = OUTPUT_NAME.exec(name) ?? []
  const task = id === '' ? null : await loadTask(ports.database, id)
  if (task?.keyId !== keyId || task.deletedAt !== null) return null
  const output = storedOutputs(task).find(({ index }) => index === Number(number))
  if (!output) return null
  const expiresAt = ports.now() + validSeconds * 1000
  return signedUrl(ports.settings, outputPath(id, output.index), expiresAt)
}
