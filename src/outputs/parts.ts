/**
 * Putting a stream of unknown length into the bucket, with little of it in memory at a time.
 *
 * Invariant: the object appears with its last byte. If the stream fails, none does.
 */
import { concat } from './head'

/** R2 wants all parts but the last to be of one size, and this is the smallest. */
export const PART_BYTES = 5 * 1024 * 1024

export async function putInParts(
  bucket: R2Bucket,
  key: string,
  stream: ReadableStream<Uint8Array>,
  options: R2PutOptions & R2MultipartOptions,
): Promise<void> {
  const parts = partsOf(stream)
  const { value: first = new Uint8Array() } = await parts.next()
  if (first.byteLength < PART_BYTES) {
    await bucket.put(key, first, options)
    return
  }
  const upload = await bucket.createMultipartUpload(key, options)
  try {
    const uploaded = [await upload.uploadPart(1, first)]
    for await (const part of parts) {
      uploaded.push(await upload.uploadPart(uploaded.length + 1, part))
    }
    await upload.complete(uploaded)
  } catch (error) {
    // R2 forgets it by itself after a week.
    await upload.abort().catch(() => undefined)
    throw error
  }
}

async function* partsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    while (bytes >= PART_BYTES) {
      const whole = concat(chunks, bytes)
      yield whole.slice(0, PART_BYTES)
      chunks = [whole.slice(PART_BYTES)]
      bytes -= PART_BYTES
    }
  }
  if (bytes > 0) yield concat(chunks, bytes)
}
