import { describe, expect, it } from 'vitest'
import { drawPicture } from '../../../sandbox/picture'
import { isWhole, pictureSize, sniffPicture, TAIL_BYTES } from '../../../src/core/picture'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('a picture is told by its first bytes', () => {
  it.each([
    ['image/png', '\x89PNG\r\n\x1a\n'],
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/webp', 'RIFF\0\0\0\0WEBPVP8 '],
    ['image/gif', 'GIF89a'],
    ['image/avif', '\0\0\0 ftypavif'],
    [null, '<svg xmlns="http://www.w3.org/2000/svg">'],
    [null, '<!doctype html>'],
    [null, 'RIFF\0\0\0\0WAVE'],
    [null, '\0\0\0 ftypisom'],
    [null, ''],
  ])('%s', (type, head) => expect(sniffPicture(bytes(head))).toBe(type))
})

it('tells a whole picture from one that is cut off', () => {
  const png = drawPicture('gptimage2.ai', 'x', { width: 64, height: 32 })
  const whole = (picture: Uint8Array) =>
    isWhole(picture, picture.slice(-TAIL_BYTES), picture.byteLength)
  expect(whole(png)).toBe(true)
  expect(whole(png.slice(0, -1))).toBe(true)
  expect(whole(png.slice(0, 200))).toBe(false)
  const webp = bytes('RIFF\x08\0\0\0WEBPVP8 ')
  expect(whole(webp)).toBe(true)
  expect(whole(webp.slice(0, 14))).toBe(false)
})

it('reads the size of a PNG and stays calm without one', () => {
  const size = { width: 64, height: 32 }
  expect(pictureSize(drawPicture('gptimage2.ai', 'x', size))).toEqual(size)
  expect(pictureSize(bytes('\x89PNG\r\n\x1a\n'))).toEqual({ width: null, height: null })
})
