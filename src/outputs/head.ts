/** The first bytes of a picture, which tell what it is before anything is done with the rest. */
import { sniffPicture } from '../core/picture'
import type { PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import type { ByteReader, Bytes } from './byte-reader'

/** Enough to tell a picture's type and, but for rare metadata, its size. */
export const HEAD_BYTES = 256 * 1024

/** A picture on its way in. */
export interface IncomingPicture {
  /** By its own first bytes. */
  contentType: string
  /** Its first bytes, all of them if it has no more than `HEAD_BYTES`. */
  head: Bytes
  /** What follows the head. */
  rest: ByteReader
  /** Of head and rest; null when the sender did not say. */
  length: number | null
  /** Judged by the end that its format has, because nothing else tells whether it is whole. */
  mustEndWell: boolean
}

/** Takes the head of what comes; what is empty or not a picture is refused and canceled. */
export async function openPicture(
  reader: ByteReader,
  { length, mustEndWell }: Pick<IncomingPicture, 'length' | 'mustEndWell'>,
): Promise<Result<IncomingPicture, PictureFault>> {
  const head = await reader.read(new Uint8Array(HEAD_BYTES))
  if (!head.ok) return head
  const contentType = sniffPicture(head.value)
  if (contentType) {
    return success({ contentType, head: head.value, rest: reader, length, mustEndWell })
  }
  await reader.cancel()
  return refuse({ kind: head.value.byteLength === 0 ? 'empty' : 'not_a_picture' })
}
