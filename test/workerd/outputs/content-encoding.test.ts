/** Answers that came compressed, under whatever name, are read as what they were. */
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeContent } from '../../../src/content-encoding'

const JSON_TEXT = `{"data":[{"url":"https://pictures.example.com/1.png"}],"note":"${'x'.repeat(90_000)}"}`
const PLAIN = new TextEncoder().encode(JSON_TEXT)
const MIB = 1024 * 1024

function answer(body: Uint8Array | ReadableStream<Uint8Array>, coding: string): Response {
  const headers = { 'content-type': 'application/json', 'content-encoding': coding }
  // As it came: the runtime must not compress it for the test.
  return new Response(body, { status: 201, headers, encodeBody: 'manual' })
}

describe.each([
  ['deflate', deflateSync(PLAIN)],
  ['DEFLATE', deflateSync(PLAIN)],
  ['x-gzip', gzipSync(PLAIN)],
  ['GZIP', gzipSync(PLAIN)],
])('%s', (coding, compressed) => {
  it('is undone', async () => {
    const decoded = await decodeContent(answer(compressed, coding))
    expect(decoded.status).toBe(201)
    expect(decoded.headers.get('content-type')).toBe('application/json')
    expect(decoded.headers.get('content-encoding')).toBeNull()
    expect(await decoded.text()).toBe(JSON_TEXT)
  })

  it('is undone once: what is plain stays', async () => {
    expect(await (await decodeContent(answer(PLAIN, coding))).text()).toBe(JSON_TEXT)
  })

  it('breaks off where it is cut off', async () => {
    const decoded = await decodeContent(answer(compressed.subarray(0, 60), coding))
    await expect(decoded.bytes()).rejects.toThrow()
  })
})

it.each(['gzip', 'br', '', 'identity', 'zstd'])('leaves %j to the runtime', async (coding) => {
  const response = answer(PLAIN, coding)
  expect(await decodeContent(response)).toBe(response)
})

it('grows no faster than it is read', async () => {
  // One after the other they are one file, and this one has no end.
  const bomb = gzipSync(new Uint8Array(16 * MIB))
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(bomb.slice())
      sent++
    },
  })
  const { body } = await decodeContent(answer(endless, 'x-gzip'))
  const reader = body?.getReader()
  expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0)
  await scheduler.wait(200)
  expect(sent).toBeLessThan(20)
  await reader?.cancel()
})

it('hands on an answer without a body', async () => {
  const response = new Response(null, { status: 204, headers: { 'content-encoding': 'deflate' } })
  expect(await decodeContent(response)).toBe(response)
})
