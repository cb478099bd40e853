/** What only the wire shows: compression, length, and chunks. */
import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SandboxServer, startSandbox } from '../../../sandbox/server.ts'

let sandbox: SandboxServer

beforeAll(async () => {
  sandbox = await startSandbox(0, () => 0)
})

afterAll(() => sandbox.close())

/** The answer as it was sent: `fetch` would have decoded it. */
function submit(prompt: string) {
  return new Promise<{ headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
    (resolve, reject) => {
      const options = { method: 'POST', headers: { authorization: 'Bearer sk-sandbox' } }
      const url = `${sandbox.origin}/gptimage2.ai/api/generate`
      const call = request(url, options, async (response) => {
        const body = Buffer.concat(await response.toArray())
        resolve({ headers: response.headers, body })
      })
      call.once('error', reject)
      call.end(JSON.stringify({ prompt }))
    },
  )
}

it.each([
  ['A cat', (body: Buffer) => body, {}],
  ['A cat [[encoding=gzip]]', gunzipSync, { 'content-encoding': 'gzip' }],
  ['A cat [[encoding=br]]', brotliDecompressSync, { 'content-encoding': 'br' }],
  ['A cat [[length=none]]', (body: Buffer) => body, { 'transfer-encoding': 'chunked' }],
])('%s', async (prompt, decoded, expected) => {
  const { headers, body } = await submit(prompt)
  expect(headers).toMatchObject(expected)
  const isChunked = 'transfer-encoding' in expected
  expect(headers['content-length']).toBe(isChunked ? undefined : String(body.byteLength))
  expect(JSON.parse(decoded(body).toString())).toMatchObject({ status: 'running' })
})
