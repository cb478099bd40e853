import { describe, expect, it } from 'vitest'
import { drawPicture } from '../../sandbox/picture'
import { pictureSize, sniffPicture } from '../../src/core/picture'

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

it('reads the size of a PNG and stays calm without one', () => {
  const size = { width: 64, height: 32 }
  expect(pictureSize(drawPicture('gptimage2.ai', 'x', size))).toEqual(size)
  expect(pictureSize(bytes('\x89PNG\r\n\x1a\n'))).toEqual({ width: null, height: null })
})
