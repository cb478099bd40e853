/**
 * From a provider's URL into our bucket.
 *
 * Invariant: a picture lives under a key made of task, attempt and slot, so a repeat finds the
 * object and adopts it. A failed download is tried again, with a fresh address from the provider;
 * the paid job is never sent again for it.
 */
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
  const result =
    adopted ?? (await fetchInto(ports, key, await freshUrl(ports, task, output), output.faults))
  ports.log({
    event: 'store',
    task: taskId,
    attempt: output.attemptId,
    outcome: typeof result === 'string' ? 'failed' : 'stored',
    milliseconds: ports.now() - startedAt,
    ...(typeof result === 'string' ? { reason: result } : {}),
  })
  if (typeof result === 'string') {
    await settle(ports, taskId, { type: 'download_failed', index, reason: result })
    return
  }
  const picture = { ...result, storedAt: ports.now() }
  await settle(ports, taskId, { type: 'stored', index, picture })
}

/** The stored picture, or in words why it could not be had. */
async function fetchInto(
  ports: Ports,
  key: string,
  url: string,
  faults: number,
): Promise<StoredPicture | string> {
  const { downloadAddresses, maxOutputBytes } = ports.settings
  try {
    return await withTimeLimit(downloadTimeoutMs(faults), async (signal) => {
      const found = await download(ports.fetch, url, downloadAddresses, maxOutputBytes, signal)
      if (typeof found === 'string') return found
      const stored = await storePicture(ports.bucket, key, found, maxOutputBytes)
      if (stored === 'too_large') return `the picture is larger than ${maxOutputBytes} bytes`
      return stored === 'cut_off' ? 'the picture is cut off' : stored
    })
  } catch {
    return 'the download broke off'
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
