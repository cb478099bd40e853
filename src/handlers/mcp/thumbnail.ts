/** A picture small enough for a model's context: clients fail at answers beyond 1 MB. */
import type { Output, Picture } from '../../core/task'
import type { Ports } from '../../flow/ports'
import { outputKey } from '../../outputs/bucket'
import { findRendition, RENDITION_WIDTH_MIN } from '../../outputs/renditions'

const EDGE_MAX = 512
const BYTES_MAX = 128 * 1024

/** Image content of MCP; null where there is no rendition, because it can't be made or is too large. */
export async function thumbnailOf(
  { images, bucket }: Ports,
  taskId: string,
  { attemptId, index, picture }: Output & { picture: Picture },
): Promise<{ type: 'image'; data: string; mimeType: string } | null> {
  const original = { ...picture, key: outputKey(taskId, attemptId, index) }
  const wish = { width: widthOf(picture), format: 'webp' } as const
  const rendition = await findRendition(images, bucket, original, wish)
  if (!rendition || rendition.bytes > BYTES_MAX) return null
  const object = await bucket.get(rendition.key)
  if (!object) return null
  const data = new Uint8Array(await object.arrayBuffer()).toBase64()
  return { type: 'image', data, mimeType: rendition.contentType }
}

/** The width at which no edge is longer than it may be. */
function widthOf({ width, height }: Picture): number {
  if (width === null || height === null || height <= width) return EDGE_MAX
  return Math.max(RENDITION_WIDTH_MIN, Math.floor((EDGE_MAX * width) / height))
}
