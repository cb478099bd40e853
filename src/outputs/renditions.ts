/**
 * Smaller copies of a picture, made once through the Images binding and kept beside it in R2.
 *
 * Invariants: the original's bytes are never changed; a rendition's key begins with its task's
 * prefix, so that deleting the task deletes it, and one that is made while that happens takes
 * itself away again. Whatever can't be made is null, and the original is served.
 */
import { toHex } from '../core/signature'
import type { Picture } from '../core/task'

export const RENDITION_FORMATS = ['webp', 'jpeg', 'avif', 'png'] as const
export type RenditionFormat = (typeof RENDITION_FORMATS)[number]

export const RENDITION_WIDTH_MIN = 16
export const RENDITION_WIDTH_MAX = 2048

/** What a client asks for; one of them at least. */
export interface RenditionWish {
  /** Pixels, from `RENDITION_WIDTH_MIN` to `RENDITION_WIDTH_MAX`; a smaller picture is not enlarged. */
  width?: number | undefined
  /** Without it the original's own, or WebP where that can't be written. */
  format?: RenditionFormat | undefined
}

/** A stored picture, as `outputKey` and its row name it. */
export type Original = { key: string } & Pick<Picture, 'contentType' | 'bytes' | 'width'>

/** Where a rendition lies, and what its headers say. */
export type Rendition = { key: string } & Pick<Picture, 'contentType' | 'bytes' | 'sha256'>

/** Larger originals are served as they are: the binding takes no more. */
const ORIGINAL_BYTES_MAX = 20 * 1024 * 1024
/** Of one picture. Whoever asks for more gets the original, so that nobody fills the bucket. */
const RENDITIONS_MAX = 16
/** Where no difference is seen at the sizes of a page. */
const QUALITY = 82

/**
 * The rendition, made now if this is the first time.
 *
 * @returns null where the original should be served: it is what was asked for, there is no
 *   binding, the binding can't read it, or there are too many renditions already.
 */
export async function findRendition(
  images: ImagesBinding | undefined,
  bucket: R2Bucket,
  original: Original,
  wish: RenditionWish,
): Promise<Rendition | null> {
  const width = narrower(original, wish.width)
  const format = wish.format ?? formatOf(original.contentType) ?? 'webp'
  if (width === null && `image/${format}` === original.contentType) return null
  const key = `${renditionsPrefix(original.key)}${width ?? 'full'}.${format}`
  const known = await bucket.head(key)
  if (known) return describe(known)
  if (!images || original.bytes > ORIGINAL_BYTES_MAX) return null
  if (await isFull(bucket, original.key)) return null
  const object = await bucket.get(original.key)
  if (!object) return null
  const bytes = await transform(images, object.body, width, format)
  return bytes && (await keep(bucket, original.key, key, bytes, format))
}

function renditionsPrefix(originalKey: string): string {
  return `${originalKey}.renditions/`
}

/** Null when the picture is not wider than that anyway. */
function narrower({ width }: Original, wished: number | undefined): number | null {
  return wished === undefined || (width !== null && width <= wished) ? null : wished
}

function formatOf(contentType: string): RenditionFormat | null {
  return RENDITION_FORMATS.find((format) => contentType === `image/${format}`) ?? null
}

async function isFull(bucket: R2Bucket, originalKey: string): Promise<boolean> {
  const prefix = renditionsPrefix(originalKey)
  const { objects } = await bucket.list({ prefix, limit: RENDITIONS_MAX })
  return objects.length >= RENDITIONS_MAX
}

/** Null when the binding can't read the picture. */
async function transform(
  images: ImagesBinding,
  body: ReadableStream<Uint8Array>,
  width: number | null,
  format: RenditionFormat,
): Promise<ArrayBuffer | null> {
  try {
    const input = images.input(body)
    const sized = width === null ? input : input.transform({ width, fit: 'scale-down' })
    const result = await sized.output({ format: `image/${format}`, quality: QUALITY })
    return await result.response().arrayBuffer()
  } catch {
    return null
  }
}

async function keep(
  bucket: R2Bucket,
  originalKey: string,
  key: string,
  bytes: ArrayBuffer,
  format: RenditionFormat,
): Promise<Rendition | null> {
  const sha256 = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  const object = await bucket.put(key, bytes, {
    httpMetadata: { contentType: `image/${format}` },
    customMetadata: { sha256 },
  })
  if (await bucket.head(originalKey)) return describe(object)
  await bucket.delete(key)
  return null
}

/** What the put wrote, and a later head reads. */
function describe({ key, size, httpMetadata, customMetadata }: R2Object): Rendition {
  return {
    key,
    bytes: size,
    contentType: httpMetadata?.contentType ?? 'application/octet-stream',
    sha256: customMetadata?.sha256 ?? '',
  }
}
