/**
 * A client's reference picture is put where providers can fetch it.
 *
 * Invariant: what is kept is a PNG, JPEG or WebP by its own bytes, whatever the sender calls it, and
 * whole as far as its format tells.
 */
import type { PictureFault } from '../core/picture-fault'
import { type Result, refuse, success } from '../core/result'
import { type StoredPicture, storePicture, uploadKey } from '../outputs/bucket'
import type { ByteReader } from '../outputs/byte-reader'
import { type IncomingPicture, openPicture } from '../outputs/head'
import type { Ports } from './ports'
import { signedUrl } from './signed-url'

export const UPLOAD_BYTES_MAX = 50 * 1024 * 1024
/** A reference has to outlive the longest deadline, and leave time to make the task. */
const URL_TTL_MIN_MS = 2 * 60 * 60_000
export const UPLOAD_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp']
/** The same in words. */
export const UPLOAD_FORMATS = 'PNG, JPEG or WebP'

export interface Upload {
  id: string
  /** Signed: a provider needs no key to fetch it, until it expires. */
  url: string
  expiresAt: number
  picture: StoredPicture
}

/** A picture on its way in, with the length that its sender gave; null when there is none. */
export interface SentFile {
  body: ByteReader
  length: number | null
}

/** @param signal ends the wait for memory */
export async function upload(
  ports: Ports,
  keyId: string,
  { body, length }: SentFile,
  signal: AbortSignal,
): Promise<Result<Upload, PictureFault>> {
  const opened = await openPicture(body, { length, mustEndWell: true })
  return opened.ok ? uploadPicture(ports, keyId, opened.value, signal) : opened
}

/** The same for a picture that was found in something else. */
export async function uploadPicture(
  ports: Ports,
  keyId: string,
  picture: IncomingPicture,
  signal: AbortSignal,
): Promise<Result<Upload, PictureFault>> {
  if (!UPLOAD_TYPES.includes(picture.contentType)) {
    await picture.rest.cancel()
    return refuse({ kind: 'not_a_picture' })
  }
  const id = ports.newId('upl')
  const options = { bytesMax: UPLOAD_BYTES_MAX, customMetadata: { keyId }, signal }
  const stored = await storePicture(ports.bucket, uploadKey(id), picture, options)
  if (!stored.ok) return stored
  const ttlMs = Math.max(ports.settings.outputUrlTtlSeconds * 1000, URL_TTL_MIN_MS)
  const expiresAt = ports.now() + ttlMs
  const url = await signedUrl(ports.settings, `/v1/uploads/${id}`, expiresAt)
  return success({ id, url, expiresAt, picture: stored.value })
}

/** What came with a request that turned out to be refused is not kept. */
export async function removeUpload(ports: Ports, id: string): Promise<void> {
  await ports.bucket.delete(uploadKey(id))
}
