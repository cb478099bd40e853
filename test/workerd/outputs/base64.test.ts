/** Base64 in every spelling, decoded in pieces, as Node's own decoder reads it. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Base64Decoder, Base64Reader, isBase64 } from '../../../src/outputs/base64'
import { readerOf } from '../../../src/outputs/byte-reader'
import { seams, splitAt } from './chunks'
import { scriptStream } from './pictures'

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** @returns null when it is not base64 */
function decode(pieces: Uint8Array[]): number[] | null {
  const decoder = new Base64Decoder()
  const decoded: number[] = []
  for (const piece of pieces) {
    const output = new Uint8Array(piece.byteLength + 4)
    const bytes = decoder.decode(piece, output)
    if (bytes === null) return null
    decoded.push(...output.subarray(0, bytes))
  }
  const output = new Uint8Array(4)
  const bytes = decoder.finish(output)
  return bytes === null ? null : [...decoded, ...output.subarray(0, bytes)]
}

const SPELLINGS: Record<string, (text: string) => string> = {
  standard: (text) => text,
  'url-safe': (text) => text.replaceAll('+', '-').replaceAll('/', '_'),
  'without padding': (text) => text.replaceAll('=', ''),
  'in lines': (text) => text.replaceAll(/.{76}/g, '$&\\n'),
  'with escaped slashes': (text) => text.replaceAll('/', '\\/'),
  'with codes': (text) => text.replaceAll('+', '\\u002B').replaceAll('=', '\\u003d'),
  'with percent signs': (text) => encodeURIComponent(text),
  'with white space': (text) => text.replaceAll(/.{5}/g, '$& \t\r\n'),
}

it.each(Object.entries(SPELLINGS))('is read %s, in any pieces', (_, spell) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), seams, (bytes, fractions) => {
      const text = bytesOf(spell(Buffer.from(bytes).toString('base64')))
      expect(decode(splitAt(text, fractions))).toEqual([...bytes])
      expect(isBase64(text, true)).toBe(true)
    }),
  )
})

describe('is refused', () => {
  it.each([
    'A',
    'AAAAA',
    'AA=A',
    '=',
    'AAAA=',
    'A===',
    'AA===',
    'AAAA!',
    'AA\\x',
    'AA\\',
    'AA\\u00',
    'AA\\u00e4',
    'AA%2',
    'AA%zz',
    'äAAA',
    'AA\\\\AA',
    'AA.A',
  ])('%s', (text) => {
    expect(decode([bytesOf(text)])).toBeNull()
    expect(isBase64(bytesOf(text), true)).toBe(false)
  })
})

it('is read through a buffer of any size', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(60_000))
  const picture = new Uint8Array([...bytes, ...bytes, ...bytes, 1])
  const text = bytesOf(Buffer.from(picture).toString('base64'))
  for (const size of [7, 4096, 65_536, 1_000_000]) {
    const reader = new Base64Reader(readerOf(scriptStream(text, 10_001)))
    const read: Uint8Array[] = []
    for (;;) {
      const piece = await reader.read(new Uint8Array(size))
      if (!piece.ok || piece.value.byteLength === 0) break
      read.push(piece.value)
    }
    expect(Buffer.concat(read).equals(picture)).toBe(true)
  }
})

it('that is not valid is a fault', async () => {
  const reader = new Base64Reader(readerOf(scriptStream(bytesOf('AAAA AAAA ???'))))
  const refusal = { kind: 'not_base64' }
  expect(await reader.read(new Uint8Array(100))).toEqual({ ok: false, refusal })
})
