/** Base64 as it is written: the same as the runtime's own, whatever pieces the source comes in. */
import { expect, it } from 'vitest'
import { base64Length, base64Of, encodeBase64 } from '../../../src/outputs/base64-text'
import { readerOf } from '../../../src/outputs/byte-reader'
import { pictureOf, scriptStream } from './pictures'

const decoder = new TextDecoder('ascii')
const expected = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of base64Of(readerOf(stream))) text += piece ? decoder.decode(piece) : '!'
  return text
}

it('encodes every byte and every length of an end', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  for (let length = 0; length <= 256; length++) {
    const text = decoder.decode(encodeBase64(bytes.subarray(0, length)))
    expect(text).toBe(expected(bytes.subarray(0, length)))
    expect(text).toHaveLength(base64Length(length))
  }
})

it.each([196_607, 196_608, 196_609, 500_000])('encodes %i bytes as they stream', async (length) => {
  const bytes = pictureOf(length)
  expect(await textOf(new Blob([bytes]).stream())).toBe(expected(bytes))
  expect(await textOf(scriptStream(bytes, 1000))).toBe(expected(bytes))
})

it('tells when its source breaks off', async () => {
  const bytes = pictureOf(300_000)
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(bytes.slice(0, 200_000))
      controller.error(new Error('gone'))
    },
  })
  expect(await textOf(broken)).toMatch(/!$/)
})
