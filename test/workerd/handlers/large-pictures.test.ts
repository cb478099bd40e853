/** Pictures on their way into the bucket, in each of the three ways there. */
import { env } from 'cloudflare:workers'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { adoptPicture, type PictureFault, storePicture } from '../../../src/outputs/bucket'
import { HEAD_BYTES, readHead } from '../../../src/outputs/head'
import { PART_BYTES } from '../../../src/outputs/parts'

const MEBIBYTE = 1024 * 1024
const BYTES_MAX = 3 * PART_BYTES
const CHUNK_BYTES = 60_000
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const END = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]

function draw(bytes: number): Uint8Array {
  const picture = new Uint8Array(bytes)
  for (let position = 0; position < bytes; position++) picture[position] = (position * 31) >> 3
  picture.set(SIGNATURE)
  picture.set(END, bytes - END.length)
  return picture
}

function streamOf(picture: Uint8Array): ReadableStream<Uint8Array> {
  let position = 0
  return new ReadableStream({
    pull(controller) {
      if (position >= picture.byteLength) return controller.close()
      controller.enqueue(picture.slice(position, position + CHUNK_BYTES))
      position += CHUNK_BYTES
    },
  })
}

async function put(key: string, picture: Uint8Array, length: number | null, mustEndWell = false) {
  const { head, stream } = await readHead(streamOf(picture), HEAD_BYTES)
  const incoming = { contentType: 'image/png', head, body: stream, length, mustEndWell }
  return storePicture(env.OUTPUTS, key, incoming, BYTES_MAX)
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const WAYS: Array<[string, number, boolean]> = [
  ['whole', MEBIBYTE, true],
  ['streamed', MEBIBYTE + 1, true],
  ['streamed, much', 2 * PART_BYTES + 7, true],
  ['in one piece', PART_BYTES - 1, false],
  ['in one part', PART_BYTES, false],
  ['in parts', 2 * PART_BYTES + 7, false],
]

describe.each(WAYS)('a picture that goes in %s (%d bytes, length told: %s)', (_, bytes, isTold) => {
  const picture = draw(bytes)
  const length = isTold ? bytes : null

  it('is kept byte for byte', async () => {
    const key = `outputs/${crypto.randomUUID()}`
    const stored = await put(key, picture, length)
    const sha256 = hash(picture)
    expect(stored).toMatchObject({ contentType: 'image/png', bytes, sha256 })
    expect(await adoptPicture(env.OUTPUTS, key)).toEqual(stored)
    const bytesKept = await (await env.OUTPUTS.get(key))?.bytes()
    expect(bytesKept && hash(bytesKept)).toBe(sha256)
  })

  it.each<[PictureFault, Uint8Array, number]>([
    ['cut_off', picture.slice(0, -200), bytes],
    ['too_large', draw(BYTES_MAX + 1), BYTES_MAX + 1],
  ])('leaves nothing when it is %s', async (fault, wrong, wrongLength) => {
    const key = `outputs/${crypto.randomUUID()}`
    expect(await put(key, wrong, isTold ? wrongLength : null)).toBe(fault)
    expect(await env.OUTPUTS.head(key)).toBeNull()
  })

  it('is taken without a proper end only if its length was told', async () => {
    const key = `outputs/${crypto.randomUUID()}`
    const odd = picture.slice(0, -200)
    const stored = await put(key, odd, isTold ? odd.byteLength : null)
    if (isTold) expect(stored).toMatchObject({ bytes: odd.byteLength, sha256: hash(odd) })
    else expect(stored).toBe('cut_off')
  })

  it('is not taken without a proper end where it must have one', async () => {
    const key = `outputs/${crypto.randomUUID()}`
    const odd = picture.slice(0, -200)
    expect(await put(key, odd, isTold ? odd.byteLength : null, true)).toBe('cut_off')
    expect(await env.OUTPUTS.head(key)).toBeNull()
  })
})
