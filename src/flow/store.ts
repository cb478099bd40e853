/**
 * From a provider's URL into our bucket.
 *
 * Invariant: a picture lives under a key made of task, attempt and slot, so a repeat finds the
 * object and adopts it. A failed download is tried again, with a fresh address from the provider;
 * the paid job is never sent again for it.
 */
import { describePictureFault, type PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import { downloadTimeoutMs } from '../core/schedule'
import { isPending, type Output, type Task } from '../core/task'
import { withTimeLimit } from '../core/time-limit'
import { loadTask } from '../db/tasks'
import { adoptPicture, outputKey, type StoredPicture, storePicture } from '../outputs/bucket'
import { download } from '../outputs/download'
import { lookUp } from './account'
import type { Ports } from './ports'
import { settle } from './settle'

export async function store(ports: Ports, taskId: string, index: number): Promise<void> {
  const task = await loadTask(ports.database, taskId)
  const output = task?.outputs.find((candidate) => candidate.index === index)
  if (!task || task.deletedAt !== null || !output || !isPending(output)) return

  const startedAt = ports.now()
  const key = outputKey(taskId, output.attemptId, index)
  const adopted = await adoptPicture(ports.bucket, key)
  const result = adopted
    ? success(adopted)
    : await fetchInto(ports, key, await freshUrl(ports, task, output), output.faults)
  ports.log({
    event: 'store',
    task: taskId,
    attempt: output.attemptId,
    outcome: result.ok ? 'stored' : 'failed',
    milliseconds: ports.now() - startedAt,
    ...(result.ok ? {} : { reason: describePictureFault(result.refusal) }),
  })
  if (!result.ok) {
    const reason = describePictureFault(result.refusal)
    await settle(ports, taskId, { type: 'download_failed', index, reason })
    return
  }
  const { contentCredentials: _, ...facts } = result.value
  const picture = { ...facts, storedAt: ports.now() }
  await settle(ports, taskId, { type: 'stored', index, picture })
}

async function fetchInto(
  ports: Ports,
  key: string,
  url: string,
  faults: number,
): Promise<Result<StoredPicture, PictureFault>> {
  const { downloadAddresses, maxOutputBytes: bytesMax } = ports.settings
  try {
    return await withTimeLimit(downloadTimeoutMs(faults), async (signal) => {
      const found = await download(ports.fetch, url, downloadAddresses, bytesMax, signal)
      if (!found.ok) return found
      return storePicture(ports.bucket, key, found.value, { bytesMax, signal })
    })
  } catch {
    return refuse({ kind: 'broken_off' })
  }
}

/** After a failed download the address may have expired: the provider is asked for it anew. */
async function freshUrl(
  ports: Ports,
  task: Task,
  output: Output & { sourceUrl: string },
): Promise<string> {
  const attempt = task.attempts.find((candidate) => candidate.id === output.attemptId)
  if (output.faults === 0 || !attempt?.reference) return output.sourceUrl
  const observation = await lookUp(ports, attempt, attempt.reference)
  if (observation?.kind !== 'finished') return output.sourceUrl
  const { urls } = observation
  const { id: attemptId, reference: asked } = attempt
  const refreshed = { type: 'finished', attemptId, asked, urls, price: null } as const
  const changed = await settle(ports, task.id, refreshed)
  const current = changed?.outputs.find((candidate) => candidate.index === output.index)
  return current?.sourceUrl ?? output.sourceUrl
}
