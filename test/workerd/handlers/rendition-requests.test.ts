/** A smaller copy of a picture, asked for by key or by signed address. */

import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { pictureSize, sniffPicture } from '../../../src/core/picture'
import worker from '../../../src/index'
import type { TaskJson } from '../../../src/wire/task'
import { call, makeKey, runTask } from '../world/gateway'

let key: string
let task: TaskJson
let url: string
let original: Uint8Array
beforeAll(async () => {
  key = await makeKey()
  const body = { prompt: 'A miniature', provider: 'nanobananaapi.dev', size: '1536x1024' }
  task = await runTask(key, body)
  url = task.outputs[0]?.url ?? ''
  original = await (await call(url)).bytes()
})

describe.each(['key', 'signed address'])('by %s', (way) => {
  const ask = (query: string, headers = {}) =>
    way === 'key'
      ? call(`/v1/tasks/${task.id}/outputs/0?${query}`, { token: key, headers })
      : call(`${url}&${query}`, { headers })

  it('it is as wide and of the format that was asked for', async () => {
    const response = await ask('width=320&format=webp')
    const bytes = await response.bytes()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/webp')
    expect(response.headers.get('content-length')).toBe(String(bytes.byteLength))
    expect(response.headers.get('cache-control')).toBe('private, no-cache')
    expect(sniffPicture(bytes)).toBe('image/webp')
    expect(pictureSize(bytes)).toEqual({ width: 320, height: 213 })
    expect(bytes.byteLength).toBeLessThan(original.byteLength)
  })

  it('it has an ETag of its own', async () => {
    const response = await ask('width=64')
    await response.arrayBuffer()
    const etag = response.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/)
    expect(etag).not.toBe(`"${task.outputs[0]?.sha256}"`)
    expect((await ask('width=64', { 'if-none-match': etag })).status).toBe(304)
    const part = await ask('width=64', { range: 'bytes=0-7' })
    expect([part.status, (await part.bytes()).byteLength]).toEqual([206, 8])
  })

  it.each(['width=15', 'width=2049', 'width=wide', 'width=', 'format=gif', 'format=', 'height=9'])(
    'it is refused for %s',
    async (query) => {
      const response = await ask(query)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: { param: query.split('=')[0] } })
    },
  )
})

it('is the original where it would be no smaller, and without the binding', async () => {
  const wide = await call(`${url}&width=2048`)
  expect(await wide.bytes()).toEqual(original)
  const request = new Request(`${url}&width=100&format=avif`)
  const { IMAGES: _, ...without } = env
  const response = await worker.fetch(request, without as typeof env, createExecutionContext())
  expect(response.headers.get('content-type')).toBe('image/png')
  expect(await response.bytes()).toEqual(original)
})
