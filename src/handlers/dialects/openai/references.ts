/**
 * The reference pictures of one edit. A provider fetches them by address, so whatever came as bytes
 * becomes an upload of ours.
 *
 * Invariant: the uploads of a request that makes no task are removed.
 */
import { refuseAddress } from '../../../core/address'
import { describePictureFault, type PictureFault } from '../../../core/picture-fault'
import type { Result } from '../../../core/result'
import type { Ports } from '../../../flow/ports'
import {
  removeUpload,
  type SentFile,
  UPLOAD_FORMATS,
  type Upload,
  upload,
  uploadPicture,
} from '../../../flow/upload'
import { Base64Reader } from '../../../outputs/base64'
import { readerOfBytes } from '../../../outputs/byte-reader'
import type { IncomingPicture } from '../../../outputs/head'
import { type ApiError, invalid, tooLarge } from '../../errors'
import type { Reference } from './task'

export const REFERENCES_MAX = 16

type Refused = ApiError<'invalid_request' | 'body_too_large'> | null

export class References {
  readonly list: Reference[] = []
  readonly #uploads: string[] = []
  readonly #ports: Ports
  readonly #keyId: string
  readonly #signal: AbortSignal

  /** @param signal ends when the client goes away */
  constructor(ports: Ports, keyId: string, signal: AbortSignal) {
    this.#ports = ports
    this.#keyId = keyId
    this.#signal = signal
  }

  async addFile(field: string, file: SentFile): Promise<Refused> {
    return (
      this.#full(field) ??
      this.#add(field, await upload(this.#ports, this.#keyId, file, this.#signal))
    )
  }

  async addPicture(field: string, picture: IncomingPicture): Promise<Refused> {
    return (
      this.#full(field) ??
      this.#add(field, await uploadPicture(this.#ports, this.#keyId, picture, this.#signal))
    )
  }

  /** An https address, or a `data:` URL, whose picture is uploaded. */
  async addAddress(field: string, address: string): Promise<Refused> {
    const base64 = /^\s*data:[^,]*;\s*base64\s*,/i.exec(address)?.[0]
    if (base64 !== undefined) {
      const text = new TextEncoder().encode(address.slice(base64.length))
      return this.addFile(field, { body: new Base64Reader(readerOfBytes(text)), length: null })
    }
    const refused = refuseAddress(address, this.#ports.settings.imageAddresses)
    if (refused) return invalid(field, `${field} ${refused}.`)
    const full = this.#full(field)
    if (full) return full
    this.list.push({ url: address, identity: address })
    return null
  }

  async removeUploads(): Promise<void> {
    await Promise.all(this.#uploads.map((id) => removeUpload(this.#ports, id)))
  }

  #full(field: string): Refused {
    return this.list.length < REFERENCES_MAX
      ? null
      : invalid(field, `There may be at most ${REFERENCES_MAX} pictures.`)
  }

  #add(field: string, uploaded: Result<Upload, PictureFault>): Refused {
    if (!uploaded.ok) return pictureError(field, uploaded.refusal)
    const { id, url, picture } = uploaded.value
    this.#uploads.push(id)
    this.list.push({ url, identity: `sha256:${picture.sha256}` })
    return null
  }
}

export function pictureError(
  field: string,
  fault: PictureFault,
): ApiError<'invalid_request' | 'body_too_large'> {
  if (fault.kind === 'too_large') return tooLarge(fault.bytesMax)
  const reason =
    fault.kind === 'not_a_picture'
      ? `it is not a ${UPLOAD_FORMATS} picture`
      : describePictureFault(fault)
  return invalid(field, `${field} can't be used: ${reason}.`)
}
