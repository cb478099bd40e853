/** Pictures on their way into the bucket, in each of the ways there. */

import { env } from 'cloudflare:workers'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { PictureFault } from '../../../src/core/picture-fault'
import { adoptPicture, storePicture } from '../../../src/outputs/bucket'
import { readerOf } from '../../../src/outputs/byte-reader'
import { type IncomingPicture, openPicture } from '../../../src/outputs/head'
import { PART_BYTES } from '../../../src/outputs/put'
import { brokenStream, pictureOf, runtimeStream, scriptStream } from './pictures'

const MEBIBYTE = 1024 * 1024
const BYTES_MAX = 2 * PART_BYTES + MEBIBYTE

const newKey = () => `outputs/${crypto.randomUUID()}`
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function store(
  key: string,
  stream: ReadableStream<Uint8Array>,
  told: Pick<IncomingPicture, 'length' | 'mustEndWell'>,
) {
  const picture = await openPicture(readerOf(stream), told)
  return picture.ok
    ? storePicture(env.OUTPUTS, key, picture.value, { bytesMax: BYTES_MAX })
    : picture
}

const SIZES: Array<[string, number, boolean]> = [
  ['a small one', 20_000, true],
  ['one held whole', MEBIBYTE, true],
  ['one streamed', MEBIBYTE + 1, true],
  ['a large one streamed', 2 * PART_BYTES + 7, true],
  ['a small one of unknown length', 20_000, false],
  ['one of unknown length, held whole', MEBIBYTE - 1, false],
  ['one of unknown length, barely more', MEBIBYTE, false],
  ['one of unknown length, less than a part', PART_BYTES - 1, false],
  ['one of unknown length, just a part', PART_BYTES, false],
  ['one of unknown length, just two parts', 2 * PART_BYTES, false],
  ['one of unknown length, in parts', 2 * PART_BYTES + 7, false],
]
const SOURCES: Array<[string, (bytes: Uint8Array) => ReadableStream<Uint8Array>]> = [
  ['the runtime', runtimeStream],
  ['a script', scriptStream],
]
const WAYS = SOURCES.flatMap(([source, streamOf]) =>
  SIZES.map(([size, bytes, isTold]) => ({ size, bytes, isTold, source, streamOf })),
)

describe.each(WAYS)('$size ($bytes bytes) from a stream of $source', (way) => {
  const { bytes, isTold, streamOf } = way
  const picture = pictureOf(bytes)
  const told = (length: number, mustEndWell: boolean) => ({
    length: isTold ? length : null,
    mustEndWell,
  })

  it('is kept byte for byte', async () => {
    const key = newKey()
    const stored = await store(key, streamOf(picture), told(bytes, true))
    const sha256 = hash(picture)
    const value = { contentType: 'image/png', bytes, sha256, contentCredentials: false }
    expect(stored).toMatchObject({ ok: true, value })
    if (stored.ok) expect(await adoptPicture(env.OUTPUTS, key)).toEqual(stored.value)
    const kept = await (await env.OUTPUTS.get(key))?.bytes()
    expect(kept && hash(kept)).toBe(sha256)
  })

  const odd = picture.slice(0, -200)
  const huge = pictureOf(BYTES_MAX + 1)
  it.each<[PictureFault, ReadableStream<Uint8Array>, ReturnType<typeof told>]>([
    [{ kind: 'cut_off' }, streamOf(odd), told(odd.byteLength, true)],
    [{ kind: 'too_large', bytesMax: BYTES_MAX }, streamOf(huge), told(huge.byteLength, true)],
    [{ kind: 'broken_off' }, brokenStream(odd), told(bytes, false)],
    [{ kind: 'not_a_picture' }, streamOf(picture.slice(1)), told(bytes, false)],
    [{ kind: 'empty' }, streamOf(new Uint8Array()), told(0, false)],
  ])('leaves nothing when it is %o', async (fault, stream, length) => {
    const key = newKey()
    expect(await store(key, stream, length)).toEqual({ ok: false, refusal: fault })
    expect(await env.OUTPUTS.head(key)).toBeNull()
  })

  it('need not end well where something else tells that it is whole', async () => {
    const stored = await store(newKey(), streamOf(odd), told(odd.byteLength, false))
    const value = { bytes: odd.byteLength, sha256: hash(odd) }
    expect(stored).toMatchObject({ ok: true, value })
  })
})

it.each([
  [MEBIBYTE / 2, -1],
  [MEBIBYTE / 2, 1],
  [2 * MEBIBYTE, -1],
  [2 * MEBIBYTE, 1],
])('a length of %d that is wrong by %d leaves nothing', async (bytes, difference) => {
  const key = newKey()
  const told = { length: bytes + difference, mustEndWell: false }
  const stored = await store(key, runtimeStream(pictureOf(bytes)), told)
  expect(stored).toEqual({ ok: false, refusal: { kind: 'cut_off' } })
  expect(await env.OUTPUTS.head(key)).toBeNull()
})

it('a part that the bucket refuses is heard, and leaves nothing', async () => {
  const forgetful = new Proxy(env.OUTPUTS, {
    get(target, name) {
      if (name !== 'createMultipartUpload') return Reflect.get(target, name).bind(target)
      return async (key: string) => {
        const upload = await target.createMultipartUpload(key)
        await upload.abort()
        return upload
      }
    },
  })
  const key = newKey()
  const told = { length: null, mustEndWell: true }
  const picture = await openPicture(readerOf(runtimeStream(pictureOf(PART_BYTES + 7))), told)
  if (!picture.ok) throw new Error(picture.refusal.kind)
  const stored = storePicture(forgetful, key, picture.value, { bytesMax: BYTES_MAX })
  await expect(stored).rejects.toThrow(/uploadPart/)
  expect(await env.OUTPUTS.head(key)).toBeNull()
})

it('more pictures of unknown length than may hold a part at once all get in', async () => {
  const picture = pictureOf(PART_BYTES + 7)
  const told = { length: null, mustEndWell: true }
  const stored = await Promise.all(
    Array.from({ length: 7 }, () => store(newKey(), runtimeStream(picture), told)),
  )
  expect(stored.filter(({ ok }) => ok)).toHaveLength(7)
})

it('a picture that waits for memory can be given up', async () => {
  const stalled = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(pictureOf(2 * MEBIBYTE)),
    })
  const told = { length: null, mustEndWell: true }
  const controller = new AbortController()
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, () => openPicture(readerOf(stalled()), told)),
  )
  const stores = outcomes.flatMap((picture) =>
    picture.ok
      ? [
          storePicture(env.OUTPUTS, newKey(), picture.value, {
            bytesMax: BYTES_MAX,
            signal: controller.signal,
          }),
        ]
      : [],
  )
  setTimeout(() => controller.abort(new Error('given up')), 200)
  await expect(Promise.race(stores)).rejects.toThrow('given up')
})
