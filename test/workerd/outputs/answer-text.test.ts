/** Pictures cut out of JSON, checked against `JSON.parse`. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANSWER_TEXT_BYTES_MAX, AnswerCutter } from '../../../src/outputs/answer-text'
import { seams, splitAt } from './chunks'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const base64Of = (bytes: number) => Buffer.alloc(bytes, 'picture').toString('base64')

/** The text that is left, and the pictures as they stand in the original. */
function cut(json: string, fractions: readonly number[] = []) {
  const bytes = bytesOf(json)
  const cutter = new AnswerCutter()
  for (const piece of splitAt(bytes, fractions)) cutter.write(piece)
  const text = cutter.finish()
  const pictures = cutter.embedded.map(({ offset, length }) =>
    new TextDecoder().decode(bytes.subarray(offset, offset + length)),
  )
  return { text: text.ok ? text.value : text.refusal.kind, pictures }
}

const P = base64Of(30)

describe('a picture is', () => {
  it.each([
    [
      'base64 under its name',
      `{"data":[{"b64_json":"${P}"}]}`,
      '{"data":[{"b64_json":"answer:0"}]}',
    ],
    ['one under another name', `{"image_base64":"${P}"}`, '{"image_base64":"answer:0"}'],
    ['one under a name of another spelling', `{"b64Json":"${P}"}`, '{"b64Json":"answer:0"}'],
    ['one in a list of that name', `{"b64_json":["${P}"]}`, '{"b64_json":["answer:0"]}'],
    ['one under a name with escapes', `{"b64\\u005fjson":"${P}"}`, '{"b64\\u005fjson":"answer:0"}'],
    ['a data URL', `["data:image/png;base64,${P}"]`, '["answer:0"]'],
    ['a data URL with escapes', `["data:image\\/png;base64,${P}"]`, '["answer:0"]'],
    ['a data URL with parameters', `["DATA:image/png;a=b;base64,${P}"]`, '["answer:0"]'],
    ['a data URL under that name', `{"b64_json":"data:;base64,${P}"}`, '{"b64_json":"answer:0"}'],
    ['the whole answer', `"data:image/png;base64,${P}"`, '"answer:0"'],
  ])('%s', (_, json, text) => expect(cut(json)).toEqual({ text, pictures: [P] }))

  it('a long string that is base64, whatever its name is', () => {
    const long = base64Of(100_000)
    const json = `{"x":"${long}","y":["a","${long}"]}`
    const text = '{"x":"answer:0","y":["a","answer:1"]}'
    expect(cut(json)).toEqual({ text, pictures: [long, long] })
  })

  it('longer than any text may be', () => {
    const huge = base64Of(3 * ANSWER_TEXT_BYTES_MAX).replaceAll('c', '\\/')
    const json = `{"x":"${huge}","b64_json":"${huge}","y":"data:image/png;base64,${huge}","z":1}`
    const text = '{"x":"answer:0","b64_json":"answer:1","y":"answer:2","z":1}'
    expect(cut(json, [0.1, 0.2, 0.5])).toEqual({ text, pictures: [huge, huge, huge] })
  })
})

describe('no picture is', () => {
  it.each([
    ['a name', `{"data:image/png;base64,${P}":1}`],
    ['another string of base64', `{"url":"${P}"}`],
    ['an address under that name', '{"b64_json":"https://example.com/a.png"}'],
    ['nothing under that name', '{"b64_json":"","b64":null}'],
    ['a value after that name', `{"b64_json":null,"x":"${P}"}`],
    ['a value in another object below that name', `{"b64_json":{"x":"${P}"}}`],
    ['a long text', JSON.stringify({ x: 'a text. '.repeat(20_000) })],
    ['a data URL without base64', '{"url":"data:image/svg+xml,<svg/>"}'],
  ])('%s', (_, json) => expect(cut(json)).toEqual({ text: json, pictures: [] }))
})

it.each([
  ['a text without end', `{"x":"${'a text. '.repeat(300_000)}"}`, 'too_large'],
  ['an answer without end', `[${'1,'.repeat(600_000)}1]`, 'too_large'],
  ['a name without end', `{"${base64Of(ANSWER_TEXT_BYTES_MAX)}":1}`, 'too_large'],
  ['a picture cut off', `{"b64_json":"${P}`, 'cut_off'],
  ['a large picture cut off', `"${base64Of(2 * ANSWER_TEXT_BYTES_MAX)}`, 'cut_off'],
])('%s is refused', (_, json, fault) => expect(cut(json).text).toBe(fault))

it('white space between tokens is shortened, in strings it stays', () => {
  const json = `\ufeff{ \n\n  "a  b" :\t\t[ "c  d",   1 ] }  `
  expect(cut(json).text).toBe('{ "a  b" :\t[ "c  d", 1 ] } ')
})

/** JSON with pictures in it, and the same with their addresses in their places. */
const picture = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`)
const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"', '\\', '\\"', '/', 'answer', 'data:', '{"a":"b"}'),
    picture,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('url', '"', '\\')), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value

it('what is left of any JSON is that JSON with addresses in it, in any pieces', () => {
  fc.assert(
    fc.property(anyJson, fc.nat(3), seams, (value, indent, fractions) => {
      const json = JSON.stringify(value, null, indent)
      const expected: string[] = []
      const withAddresses = JSON.parse(json, (_, item) => item)
      const replace = (item: unknown): unknown => {
        if (typeof item === 'string' && item.startsWith('data:image/png;base64,')) {
          expected.push(item.slice(item.indexOf(',') + 1))
          return `answer:${expected.length - 1}`
        }
        if (Array.isArray(item)) return item.map(replace)
        if (item === null || typeof item !== 'object') return item
        return Object.fromEntries(
          Object.entries(item).map(([name, entry]) => [name, replace(entry)]),
        )
      }
      const right = JSON.stringify(replace(withAddresses))
      const { text, pictures } = cut(json, fractions)
      expect(JSON.stringify(JSON.parse(text))).toBe(right)
      expect(pictures).toEqual(expected)
    }),
  )
})

it('what is no JSON stays none', () => {
  const broken = fc
    .tuple(
      anyJson,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom('', '"', '}', ' 1', ','),
    )
    .map(([value, fraction, more]) => {
      const json = JSON.stringify(value)
      const place = Math.floor(fraction * json.length)
      return json.slice(0, place) + more + json.slice(place + 1)
    })
  const isJson = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(broken, seams, (text, fractions) => {
      const original = new TextDecoder().decode(bytesOf(text))
      expect(isJson(cut(text, fractions).text)).toBe(isJson(original))
    }),
    { numRuns: 500 },
  )
})
