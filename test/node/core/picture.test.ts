import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawPicture } from '../../../sandbox/picture'
import {
  hasContentCredentials,
  isWhole,
  pictureSize,
  sniffPicture,
  TAIL_BYTES,
} from '../../../src/core/picture'

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

describe('content credentials', () => {
  const number = (value: number, littleEndian = false) => {
    const four = new Uint8Array(4)
    new DataView(four.buffer).setUint32(0, value, littleEndian)
    return String.fromCharCode(...four)
  }
  const pngOf = (...chunks: Array<[string, string]>) =>
    `\x89PNG\r\n\x1a\n${chunks.map(([name, data]) => `${number(data.length)}${name}${data}\0\0\0\0`).join('')}`
  const header: [string, string] = ['IHDR', '\0'.repeat(13)]
  const segment = (marker: string, data: string) =>
    `\xff${marker}${String.fromCharCode((data.length + 2) >> 8, (data.length + 2) & 255)}${data}`
  const jpegOf = (...segments: string[]) => `\xff\xd8${segments.join('')}\xff\xda\0\x02pixels`
  const jfif = segment('\xe0', 'JFIF\0\x01\x01')
  const manifest = (label: string) =>
    `JP\0\x01\0\0\0\x01\0\0\x01\0jumb\0\0\0\x1ejumd${label}\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03${label}\0`
  const webpOf = (...chunks: Array<[string, string]>) =>
    `RIFF\0\0\0\0WEBP${chunks
      .map(([name, data]) => name + number(data.length, true) + data + '\0'.repeat(data.length % 2))
      .join('')}`
  const box = (type: string, data: string) => number(data.length + 8) + type + data
  const c2paId = '\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81'
  const avifOf = (...boxes: string[]) => box('ftyp', 'avif\0\0\0\0avifmif1') + boxes.join('')

  it.each([
    ['a PNG with them', true, pngOf(header, ['caBX', 'jumb'], ['IDAT', 'pixels'])],
    ['a PNG with them behind other chunks', true, pngOf(header, ['tEXt', 'x'], ['caBX', ''])],
    ['a PNG without', false, pngOf(header, ['IDAT', 'pixels'])],
    ['a PNG that only says the word', false, pngOf(header, ['tEXt', 'caBX'], ['IDAT', 'caBX'])],
    ['a PNG with the chunk behind its pixels', false, pngOf(['IDAT', 'x'], ['caBX', 'x'])],
    ['a PNG whose chunk goes on and on', false, `${pngOf(header)}\xff\xff\xff\xffiTXt`],
    ['a JPEG with them', true, jpegOf(jfif, segment('\xeb', manifest('c2pa')))],
    [
      'a JPEG with another APP11 before',
      true,
      jpegOf(segment('\xeb', 'HDR_RI'), segment('\xeb', manifest('c2pa'))),
    ],
    ['a JPEG without', false, jpegOf(jfif)],
    ['a JPEG with other JUMBF boxes', false, jpegOf(segment('\xeb', manifest('j360')))],
    ['a JPEG with another APP11', false, jpegOf(segment('\xeb', 'c2pa jumb'))],
    ['a JPEG with fill bytes', true, jpegOf(`\xff\xff${segment('\xeb', manifest('c2pa'))}`)],
    ['a JPEG whose pixels say so', false, jpegOf(jfif) + segment('\xeb', manifest('c2pa'))],
    ['a WebP with them', true, webpOf(['VP8X', 'x'], ['VP8 ', 'abc'], ['C2PA', 'jumb'])],
    ['a WebP without', false, webpOf(['VP8 ', 'C2PA'])],
    ['an AVIF with them', true, avifOf(box('uuid', `${c2paId}jumb`), box('meta', ''))],
    ['an AVIF with another uuid', false, avifOf(box('uuid', `${'\0'.repeat(16)}${c2paId}`))],
    ['an AVIF with a box that never ends', false, avifOf('\0\0\0\0mdatx', box('uuid', c2paId))],
    ['a GIF', false, 'GIF89a caBX C2PA c2pa'],
    ['nothing', false, ''],
  ])('%s', (_, expected, head) => expect(hasContentCredentials(bytes(head))).toBe(expected))

  it('are looked for calmly in whatever begins like a picture', () => {
    const start = fc.constantFrom(pngOf(), '\xff\xd8', webpOf(), avifOf())
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), (text, more) => {
        const head = Uint8Array.of(...bytes(text), ...more)
        expect(typeof hasContentCredentials(head)).toBe('boolean')
      }),
    )
  })
})
