import { decode } from 'fast-png'
import { decode as decodeJpeg } from 'jpeg-js'
import { expect, it } from 'vitest'
import { padPicture } from '../../../sandbox/padding.ts'
import { drawPicture } from '../../../sandbox/picture.ts'
import { get, play } from './played.ts'

const SIZE = { width: 64, height: 48 }
const PNG = drawPicture('gptimage2.ai', 'A cat', SIZE)

it.each([1, PNG.byteLength, PNG.byteLength + 12, 100_000, 4_500_000])(
  'is a whole PNG of %i bytes that shows the same',
  (bytes) => {
    const padded = padPicture(PNG, bytes)
    expect(padded.byteLength).toBe(Math.max(PNG.byteLength, bytes))
    const { data, ...picture } = decode(padded, { checkCrc: true })
    expect(picture).toMatchObject(SIZE)
    expect(data).toEqual(decode(PNG).data)
  },
)

it('is asked for in the prompt', async () => {
  const { sandbox, done } = await play('nanobananaapi.dev', 'A cat [[bytes=4500000]]')
  const { data } = (await done.json()) as { data: { url: string } }
  const picture = await (await get(sandbox, data.url)).arrayBuffer()
  expect(picture.byteLength).toBe(4_500_000)
})

it.each([20_000, 4_500_000])('is a whole JPEG of %i bytes that shows the same', (bytes) => {
  const jpeg = drawPicture('gptimage2.ai', 'A cat', SIZE, { seed: '', format: 'jpeg' })
  const padded = padPicture(jpeg, bytes)
  expect(padded.byteLength).toBe(bytes)
  expect(decodeJpeg(padded).data).toEqual(decodeJpeg(jpeg).data)
})
