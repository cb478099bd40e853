/** Answers with pictures in them: kept in R2, cut, and their pictures taken out. */
import { env } from 'cloudflare:workers'
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { PictureFault } from '../../../src/core/picture-fault'
import {
  answerBytesMax,
  answerKey,
  deleteAnswer,
  openAnswerPicture,
  readAnswer,
  readKeptAnswer,
} from '../../../src/outputs/answer'
import { storePicture } from '../../../src/outputs/bucket'
import { brokenStream, pictureOf, runtimeStream } from './pictures'

const MEBIBYTE = 1024 * 1024
const BYTES_MAX = 8 * MEBIBYTE

const newKey = () => answerKey(`att_${crypto.randomUUID()}`)
const bytesOf = (text: string) => new TextEncoder().encode(text)
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const base64Of = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

function read(key: string, json: string, length: number | null = null) {
  const body = runtimeStream(bytesOf(json))
  return readAnswer(env.OUTPUTS, key, { body, length, bytesMax: answerBytesMax(BYTES_MAX, 2) })
}

async function storeFrom(key: string, index: number) {
  const picture = await openAnswerPicture(env.OUTPUTS, key, index)
  if (!picture.ok) return picture
  const target = `outputs/${crypto.randomUUID()}`
  return storePicture(env.OUTPUTS, target, picture.value, { bytesMax: BYTES_MAX })
}

describe.each([1000, 300_000, 4_500_000, 7_000_000])('pictures of %d bytes', (bytes) => {
  const first = pictureOf(bytes)
  const second = pictureOf(bytes + 1)
  const json = JSON.stringify({
    created: 1,
    data: [
      { b64_json: base64Of(first) },
      { url: `data:image/jpeg;base64,${base64Of(second)}` },
      { url: 'https://example.com/third.png' },
    ],
  })

  it.each([
    ['plain', json, true],
    ['with escaped slashes', json.replaceAll('/', '\\/'), true],
    ['of unknown length', json, false],
  ])('come out of an answer %s as they went in', async (_, spelled, isTold) => {
    const key = newKey()
    const text =
      '{"created":1,"data":[{"b64_json":"answer:0"},{"url":"answer:1"},{"url":"https://example.com/third.png"}]}'
    const value = { text, embedded: 2 }
    const answer = await read(key, spelled, isTold ? spelled.length : null)
    if (answer.ok) answer.value.text = answer.value.text.replaceAll('\\/', '/')
    expect(answer).toEqual({ ok: true, value })
    expect(await env.OUTPUTS.head(key)).not.toBeNull()
    const pictures = [first, second]
    for (const [index, picture] of pictures.entries()) {
      const facts = { contentType: 'image/png', bytes: picture.byteLength, sha256: hash(picture) }
      expect(await storeFrom(key, index)).toMatchObject({ ok: true, value: facts })
    }
    expect(await openAnswerPicture(env.OUTPUTS, key, 2)).toEqual(refused({ kind: 'missing' }))
    expect(await readKeptAnswer(env.OUTPUTS, key)).toMatchObject({
      ok: true,
      value: { embedded: 2 },
    })
    await deleteAnswer(env.OUTPUTS, key)
    expect(await env.OUTPUTS.head(key)).toBeNull()
    expect(await openAnswerPicture(env.OUTPUTS, key, 0)).toEqual(refused({ kind: 'missing' }))
  })
})

const refused = (refusal: PictureFault) => ({ ok: false, refusal })

it('an answer without a picture is not kept, small or large', async () => {
  for (const json of ['{"id":"1"}', `{"id":"1"}${' '.repeat(2 * MEBIBYTE)}`, '']) {
    const key = newKey()
    const value = { text: json.replace(/ +$/, ' '), embedded: 0 }
    expect(await read(key, json)).toEqual({ ok: true, value })
    expect(await env.OUTPUTS.head(key)).toBeNull()
  }
})

it.each<[string, unknown, PictureFault]>([
  ['that is no picture', { b64_json: btoa('<svg></svg>') }, { kind: 'not_a_picture' }],
  ['that is not base64', { url: 'data:image/png;base64,???' }, { kind: 'not_base64' }],
  ['that is empty', { url: 'data:image/png;base64,' }, { kind: 'empty' }],
  [
    'that is too large',
    { b64_json: base64Of(pictureOf(BYTES_MAX + 1)) },
    { kind: 'too_large', bytesMax: BYTES_MAX },
  ],
  [
    'whose end is not base64',
    { url: `data:image/png;base64,${base64Of(pictureOf(2_000_000))}?` },
    { kind: 'not_base64' },
  ],
])('one %s is a fault, and its neighbour is none', async (_, odd, fault) => {
  const key = newKey()
  const good = pictureOf(2000)
  const json = JSON.stringify({ data: [odd, { b64_json: base64Of(good) }] })
  expect(await read(key, json)).toMatchObject({ ok: true, value: { embedded: 2 } })
  expect(await storeFrom(key, 0)).toEqual(refused(fault))
  expect(await storeFrom(key, 1)).toMatchObject({ ok: true, value: { sha256: hash(good) } })
})

it('an answer beyond its cap, or that breaks off, is a fault', async () => {
  const large = bytesOf(JSON.stringify({ b64_json: base64Of(pictureOf(3 * MEBIBYTE)) }))
  const bytesMax = 2 * MEBIBYTE
  const outcomes = [
    readAnswer(env.OUTPUTS, newKey(), { body: runtimeStream(large), length: null, bytesMax }),
    readAnswer(env.OUTPUTS, newKey(), { body: brokenStream(large), length: null, bytesMax: 1e9 }),
    readAnswer(env.OUTPUTS, newKey(), {
      body: brokenStream(large.slice(0, 50)),
      length: null,
      bytesMax: 1e9,
    }),
  ]
  expect(await Promise.all(outcomes)).toEqual([
    refused({ kind: 'too_large', bytesMax }),
    refused({ kind: 'broken_off' }),
    refused({ kind: 'broken_off' }),
  ])
})

describe('a bucket that fails for a moment', () => {
  /** Real but for its first puts. */
  function failing(times: number): R2Bucket {
    let left = times
    return new Proxy(env.OUTPUTS, {
      get(target, name) {
        if (name === 'put' && left-- > 0) return () => Promise.reject(new Error('Not just now.'))
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  const json = JSON.stringify({ b64_json: base64Of(pictureOf(2000)) })
  const readFrom = (bucket: R2Bucket, key: string) => {
    const answer = { body: runtimeStream(bytesOf(json)), length: null, bytesMax: BYTES_MAX }
    return readAnswer(bucket, key, answer)
  }

  it('costs no answer that is still in memory', async () => {
    const key = newKey()
    expect(await readFrom(failing(3), key)).toMatchObject({ ok: true, value: { embedded: 1 } })
    expect(await env.OUTPUTS.head(key)).not.toBeNull()
  })

  it('is an error when it goes on', async () => {
    await expect(readFrom(failing(99), newKey())).rejects.toThrow('Not just now.')
  })
})
