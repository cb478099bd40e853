/**
 * Pictures that come inside a provider's answer.
 *
 * Invariant: such an answer is in the bucket before anything in it is believed, so a run that dies finds
 * it again. It is deleted once no picture is left to be taken out of it.
 */
import { isPending, type Output } from '../core/task'
import {
  ANSWER_ADDRESS,
  answerBytesMax,
  answerKey,
  deleteAnswer,
  openAnswerPicture,
  readAnswer,
  readKeptAnswer,
} from '../outputs/answer'
import { lengthOf } from '../outputs/download'
import type { KnownTask } from './known-task'
import type { Ports } from './ports'

/** The most pictures that one call of any provider makes. */
const PICTURES_MAX = 10

/** An answer's text, and whether it had pictures in it; null where it can't be had. */
export interface KeptAnswer {
  text: string
  hasPictures: boolean
}

/** Reads the answer to a call of an attempt, and keeps it if it has pictures in it. */
export async function keepAnswer(
  { bucket, settings }: Ports,
  attemptId: string,
  response: Response,
): Promise<KeptAnswer | null> {
  const { body } = response
  if (!body) return { text: '', hasPictures: false }
  const bytesMax = answerBytesMax(settings.maxOutputBytes, PICTURES_MAX)
  const length = lengthOf(response)
  const read = await readAnswer(bucket, answerKey(attemptId), { body, length, bytesMax })
  return read.ok ? { text: read.value.text, hasPictures: read.value.embedded > 0 } : null
}

/** What an earlier call of the attempt was answered, if that was kept. */
export async function findAnswer({ bucket }: Ports, attemptId: string): Promise<string | null> {
  const read = await readKeptAnswer(bucket, answerKey(attemptId))
  return read.ok && read.value.embedded > 0 ? read.value.text : null
}

/** Whether a picture's address stands for one in the kept answer. */
export function isInAnswer(address: string): boolean {
  return ANSWER_ADDRESS.test(address)
}

/** Takes a picture out of the answer that was kept for its attempt. */
export function openKeptPicture(
  { bucket }: Ports,
  { attemptId, sourceUrl }: Output & { sourceUrl: string },
): ReturnType<typeof openAnswerPicture> {
  const [, index] = ANSWER_ADDRESS.exec(sourceUrl) ?? []
  return openAnswerPicture(bucket, answerKey(attemptId), Number(index))
}

/**
 * Deletes an attempt's answer unless another picture is still to be taken out of it. What can't be deleted
 * now stays until its task is deleted or too old.
 *
 * @param stored the slot of a picture that is in the bucket, though its row may not say so yet
 */
export async function releaseAnswer(
  { ports, known }: { ports: Ports; known: KnownTask },
  attemptId: string,
  stored?: number,
): Promise<void> {
  const task = known.current
  const isNeeded = (output: Output) =>
    output.attemptId === attemptId && output.index !== stored && isPending(output)
  if (task?.deletedAt === null && task.outputs.some(isNeeded)) return
  await dropAnswer(ports, attemptId)
}

/** Deletes an attempt's answer, if the bucket is willing. */
export async function dropAnswer({ bucket }: Ports, attemptId: string): Promise<void> {
  await deleteAnswer(bucket, answerKey(attemptId)).catch(() => undefined)
}
