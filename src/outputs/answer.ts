/**
 * Providers' answers that may have pictures in them, kept in R2 until the pictures are taken out.
 *
 * Invariant: an answer with a picture in it is durable before the picture is decoded, and at no time
 * more of it is in memory than a small answer has. The kept answer is deleted by whoever has stored
 * its pictures.
 */
import type { PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import { AnswerCutter } from './answer-text'
import { Base64Reader } from './base64'
import { type ByteReader, type Bytes, readerOf, readerOfBytes } from './byte-reader'
import { type IncomingPicture, openPicture } from './head'
import { type Inspector, putBytes } from './put'

export { ANSWER_ADDRESS } from './answer-text'

export const ANSWERS_PREFIX = 'answers/'

/** The key under which the answer to an attempt's paid call is kept. */
export function answerKey(attemptId: string): string {
  return ANSWERS_PREFIX + attemptId
}

/** An answer without the pictures that were in it. */
export interface AnswerText {
  /** The JSON that is left; the n-th picture stands in it as the address `answer:<n>`. */
  text: string
  /** How many pictures were in it. If none was, nothing is kept. */
  embedded: number
}

/** An answer up to this is held whole. */
const WHOLE_BYTES_MAX = 1024 * 1024
/** Most answers are smaller than this. */
const USUAL_BYTES = 16 * 1024
const CHUNK_BYTES = 256 * 1024
/** The bucket may be in trouble for about six seconds before a small answer is given up. */
const TRIES_MAX = 7
const BACKOFF_FIRST_MS = 100

/** What JSON may add to base64: an escape for some characters, a line break every 76. */
const SPELLING_FACTOR = 1.1

/** How large an answer may be that has so many pictures of at most so many bytes in it. */
export function answerBytesMax(pictureBytesMax: number, pictures: number): number {
  return Math.ceil((pictureBytesMax * 4 * SPELLING_FACTOR) / 3) * pictures + WHOLE_BYTES_MAX
}

/**
 * Reads an answer, and keeps it under the key if it has pictures in it.
 *
 * On a fault the bucket may have it all the same, or what came of it.
 *
 * @param length what the sender says of it, null if nothing
 * @throws when the bucket fails
 */
export async function readAnswer(
  bucket: R2Bucket,
  key: string,
  answer: { body: ReadableStream<Uint8Array>; length: number | null; bytesMax: number },
): Promise<Result<AnswerText, PictureFault>> {
  const rest = readerOf(answer.body)
  const first = await readFirst(rest)
  if (!first.ok) return first
  if (first.value.byteLength > WHOLE_BYTES_MAX) {
    const kept = await keepAnswer(bucket, key, { ...answer, first: first.value, rest })
    return kept.ok ? readKeptAnswer(bucket, key) : kept
  }
  const text = await cut(readerOfBytes(first.value))
  if (text.ok && text.value.embedded > 0) await putSmall(bucket, key, first.value)
  return text
}

/** Reads a kept answer again. @throws when the bucket fails */
export async function readKeptAnswer(
  bucket: R2Bucket,
  key: string,
): Promise<Result<AnswerText, PictureFault>> {
  const object = await bucket.get(key)
  if (!object) return refuse({ kind: 'missing' })
  const text = await cut(readerOf(object.body))
  if (text.ok && text.value.embedded === 0) await deleteAnswer(bucket, key)
  return text
}

/**
 * Takes a picture out of a kept answer.
 *
 * @param index the n of `answer:<n>`
 * @throws when the bucket fails
 */
export async function openAnswerPicture(
  bucket: R2Bucket,
  key: string,
  index: number,
): Promise<Result<IncomingPicture, PictureFault>> {
  const object = await bucket.get(key)
  if (!object) return refuse({ kind: 'missing' })
  const cutter = new AnswerCutter()
  const reader = readerOf(object.body)
  const isThere = () => cutter.embedded.length > index + 1
  const faulty = await feed(cutter, reader, isThere)
  if (faulty) return refuse(faulty)
  await reader.cancel()
  const range = cutter.embedded[index]
  if (!range) return refuse({ kind: 'missing' })
  if (range.length === 0) return refuse({ kind: 'empty' })
  const part = await bucket.get(key, { range })
  if (!part) return refuse({ kind: 'missing' })
  // The quotes around it say that it is whole, so its end is not judged.
  const told = { length: null, mustEndWell: false }
  return openPicture(new Base64Reader(readerOf(part.body)), told)
}

/** Forgets a kept answer; one that is not there is no fault. @throws when the bucket fails */
export async function deleteAnswer(bucket: R2Bucket, key: string): Promise<void> {
  await bucket.delete(key)
}

/** The answer if it is small, else a little more of it than a small one may have. */
async function readFirst(reader: ByteReader): Promise<Result<Bytes, PictureFault>> {
  const usual = await reader.read(new Uint8Array(USUAL_BYTES))
  if (!usual.ok || usual.value.byteLength < USUAL_BYTES) return usual
  const memory = new Uint8Array(WHOLE_BYTES_MAX + 1)
  memory.set(usual.value)
  const more = await reader.read(memory.subarray(USUAL_BYTES))
  return more.ok
    ? success(new Uint8Array(more.value.buffer, 0, USUAL_BYTES + more.value.byteLength))
    : more
}

/** Nobody can be asked again for what was paid for, and it is still in memory. */
async function putSmall(bucket: R2Bucket, key: string, answer: Bytes): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await bucket.put(key, answer)
      return
    } catch (error) {
      if (tries === TRIES_MAX) throw error
      await scheduler.wait(BACKOFF_FIRST_MS * 2 ** (tries - 1))
    }
  }
}

/** Puts an answer into the bucket as it comes. */
async function keepAnswer(
  bucket: R2Bucket,
  key: string,
  answer: { first: Bytes; rest: ByteReader; length: number | null; bytesMax: number },
): Promise<Result<void, PictureFault>> {
  const { length, bytesMax } = answer
  let bytes = 0
  const inspector: Inspector = {
    async add(chunk) {
      bytes += chunk.byteLength
      return bytes > bytesMax ? { kind: 'too_large', bytesMax } : null
    },
    finish: async () => (bytes === (length ?? bytes) ? null : { kind: 'cut_off' }),
  }
  const httpMetadata = { contentType: 'application/json' }
  return putBytes(bucket, key, answer, inspector, { httpMetadata })
}

async function cut(reader: ByteReader): Promise<Result<AnswerText, PictureFault>> {
  const cutter = new AnswerCutter()
  const faulty = await feed(cutter, reader, () => false)
  if (faulty) return refuse(faulty)
  const text = cutter.finish()
  return text.ok ? success({ text: text.value, embedded: cutter.embedded.length }) : text
}

/** Writes into the cutter what the reader has, until the end or until it is enough. */
async function feed(
  cutter: AnswerCutter,
  reader: ByteReader,
  isEnough: () => boolean,
): Promise<PictureFault | null> {
  let spare: Bytes = new Uint8Array(CHUNK_BYTES)
  while (!isEnough()) {
    const chunk = await reader.read(spare)
    if (!chunk.ok) return chunk.refusal
    if (chunk.value.byteLength === 0) break
    if (!cutter.write(chunk.value)) {
      await reader.cancel()
      break
    }
    spare = new Uint8Array(chunk.value.buffer)
  }
  return null
}
