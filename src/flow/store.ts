/**
 * From a provider's URL, or out of its answer, into our bucket.
 *
 * Invariant: a picture lives under a key made of task, attempt and slot, so a repeat finds the
 * object and adopts it. A failed download is tried again, with a fresh address from the provider;
 * the paid job is never sent again for it.
 */
import { referenceOf } from '../core/attempt'
import { describePictureFault, type PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import { downloadTimeoutMs } from '../core/schedule'
import { isSizeMismatch } from '../core/size'
import { isPending, type Output } from '../core/task'
import { withTimeLimit } from '../core/time-limit'
import { adoptPicture, outputKey, type StoredPicture, storePicture } from '../outputs/bucket'
import { download } from '../outputs/download'
import { lookUp } from './account'
import { isInAnswer, openKeptPicture, releaseAnswer } from './kept-answer'
import type { Ports } from './ports'
import type { Session } from './session'

export async function store(session: Session, index: number): Promise<void> {
  const { ports, known } = session
  const task = await known.load()
  const output = task?.outputs.find((candidate) => candidate.index === index)
  if (!task || task.deletedAt !== null || !output || !isPending(output)) return
  const isFromAnswer = isInAnswer(output.sourceUrl)

  const startedAt = ports.now()
  const key = outputKey(task.id, output.attemptId, index)
  const isEmpty = session.emptyKeys.delete(key)
  const adopted = isEmpty ? null : await adoptPicture(ports.bucket, key)
  const result = adopted
    ? success(adopted)
    : await fetchInto(ports, key, { ...output, sourceUrl: await freshUrl(session, output) })
  ports.log({
    event: 'store',
    task: task.id,
    attempt: output.attemptId,
    provider: task.attempts.find(({ id }) => id === output.attemptId)?.provider,
    outcome: result.ok ? 'stored' : 'failed',
    milliseconds: ports.now() - startedAt,
    ...(result.ok ? {} : { reason: describePictureFault(result.refusal) }),
  })
  if (!result.ok) {
    const reason = describePictureFault(result.refusal)
    await known.settle({ type: 'download_failed', index, reason })
    return
  }
  const { attemptId } = output
  // What is in the bucket is adopted by whoever comes next, should this run end here.
  if (isFromAnswer) await releaseAnswer(session, attemptId, index)
  const { value } = result
  const sizeMismatch = isSizeMismatch(task.request, value)
  const picture = { ...value, sizeMismatch, storedAt: ports.now() }
  await known.settle({ type: 'stored', index, picture })
  if (isFromAnswer) await releaseAnswer(session, attemptId)
}

async function fetchInto(
  ports: Ports,
  key: string,
  output: Output & { sourceUrl: string },
): Promise<Result<StoredPicture, PictureFault>> {
  const { downloadAddresses, maxOutputBytes: bytesMax } = ports.settings
  try {
    return await withTimeLimit(downloadTimeoutMs(output.faults), async (signal) => {
      const { sourceUrl: url } = output
      const found = isInAnswer(url)
        ? await openKeptPicture(ports, output)
        : await download(ports.fetch, url, downloadAddresses, bytesMax, signal)
      if (!found.ok) return found
      return storePicture(ports.bucket, key, found.value, { bytesMax, signal })
    })
  } catch {
    return refuse({ kind: 'broken_off' })
  }
}

/** After a failed download the address may have expired: the provider is asked for it anew. */
async function freshUrl(
  { ports, known }: Session,
  output: Output & { sourceUrl: string },
): Promise<string> {
  const attempt = known.current?.attempts.find(({ id }) => id === output.attemptId)
  const asked = attempt ? referenceOf(attempt) : null
  if (output.faults === 0 || !attempt || asked === null) return output.sourceUrl
  const outcome = await lookUp(ports, attempt, asked)
  if (outcome?.type !== 'finished') return output.sourceUrl
  known.defer({ ...outcome, price: null, attemptId: attempt.id, asked })
  const current = known.current?.outputs.find(({ index }) => index === output.index)
  return current?.sourceUrl ?? output.sourceUrl
}
