/** A small whole PNG with the text of its job in it, so that every picture is one of a kind. */
import { crc32 } from 'node:zlib'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Longer than what the sandbox leaves of a picture that it cuts off. */
const TEXT_BYTES = 2_400

export function drawSmall(
  provider: string,
  text: string,
  size: { width: number; height: number },
): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size.width, 0)
  header.writeUInt32BE(size.height, 4)
  header.set([8, 2], 8)
  const comment = Buffer.from(`Comment\0${provider} ${text}`.padEnd(TEXT_BYTES, '.'))
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('tEXt', comment),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.byteLength)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
