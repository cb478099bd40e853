/** Uploads: what is taken, who may read it, and that providers can fetch it. */
import { env } from 'cloudflare:workers'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { PART_BYTES } from '../../../src/outputs/put'
import type { UploadJson } from '../../../src/wire/upload'
import { pictureOf } from '../outputs/pictures'
import { ADMIN_TOKEN, call, makeKey, runTask } from '../world/gateway'

let key: string
let picture: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  key = await makeKey()
  const task = await runTask(key, { prompt: 'A stamp', provider: 'nanobananaapi.dev' })
  picture = new Uint8Array(await (await call(task.outputs[0]?.url ?? '')).arrayBuffer())
})

const upload = (body: BodyInit, headers = {}) =>
  call('/v1/uploads', { method: 'POST', token: key, body, headers })

function formWith(...files: Array<Uint8Array<ArrayBuffer>>): FormData {
  const form = new FormData()
  for (const file of files) form.append('image', new File([file], 'a.png', { type: 'text/html' }))
  return form
}

/** A body whose length the runtime can't know beforehand. */
const streamOf = (bytes: Uint8Array<ArrayBuffer>) =>
  new Blob([bytes]).stream().pipeThrough(new TransformStream())

describe('a picture', () => {
  it.each([
    ['raw', () => upload(picture)],
    ['under a wrong name', () => upload(picture, { 'content-type': 'text/html' })],
    ['without a length', () => upload(streamOf(picture))],
    ['in a form', () => upload(formWith(picture))],
  ])('is taken %s and served to whoever has its URL', async (_, send) => {
    const response = await send()
    expect(response.status).toBe(201)
    const made = await response.json<UploadJson>()
    expect(made).toMatchObject({
      id: expect.stringMatching(/^upl_[0-9a-f]{32}$/),
      content_type: 'image/png',
      bytes: picture.byteLength,
      width: 1024,
      height: 1024,
    })
    expect(Date.parse(made.expires_at)).toBeGreaterThan(Date.now())
    const served = await call(made.url)
    expect(served.status).toBe(200)
    expect(served.headers.get('content-type')).toBe('image/png')
    expect(served.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await served.bytes()).toEqual(picture)
  })

  it('is closed to a changed URL and to another key', async () => {
    const { id, url } = await (await upload(picture)).json<UploadJson>()
    const changed = url.replace(
      /signature=(.)/,
      (_, first) => `signature=${first === '_' ? '-' : '_'}`,
    )
    expect((await call(changed)).status).toBe(403)
    expect((await call(`/v1/uploads/${id}`)).status).toBe(401)
    const other = await makeKey()
    expect((await call(`/v1/uploads/${id}`, { token: other })).status).toBe(404)
    const own = await call(`/v1/uploads/${id}`, { token: key })
    expect(own.status).toBe(200)
    await own.arrayBuffer()
  })

  it('is a reference that providers are given', async () => {
    const { url } = await (await upload(picture)).json<UploadJson>()
    const request = { prompt: 'A frame', image_urls: [url], provider: 'nanobananaapi.dev' }
    expect((await runTask(key, request)).status).toBe('succeeded')
  })
})

describe('a large picture in a form is kept byte for byte', () => {
  const part = (disposition: string) =>
    `\r\n--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`
  const START = part('name="file"; filename="a.png"').slice(2)
  const END = '\r\n--b--\r\n'
  const send = async (bytes: number, after: string, streamed = false, headers = {}) => {
    const sent = pictureOf(bytes)
    const form = new Uint8Array(await new Blob([START, sent, after]).arrayBuffer())
    const type = { 'content-type': 'multipart/form-data; boundary=b', ...headers }
    return { sent, response: await upload(streamed ? streamOf(form) : form, type) }
  }

  it.each<[string, number, string, boolean?, object?]>([
    ['with nothing behind it', PART_BYTES - 1, END],
    ['with nothing behind it, of just a part', PART_BYTES, END],
    ['with nothing behind it, of two parts', 2 * PART_BYTES, END],
    ['with nothing behind it, of more', 2 * PART_BYTES + 1, END],
    ['with a text behind it', PART_BYTES, part('name="note"') + 'x'.repeat(60_000) + END],
    ['without a last line break', PART_BYTES + 1, END.trimEnd()],
    ['with an epilogue', PART_BYTES + 1, `${END}more\r\n--b\r\nmore`],
    ['without a length', PART_BYTES + 1, END, true],
    ['with a length that is too small', PART_BYTES + 1, END, true, { 'content-length': '300' }],
    ['with one that is too large', PART_BYTES + 1, END, true, { 'content-length': '9000000' }],
  ])('%s (%d bytes)', async (_, bytes, after, streamed, headers) => {
    const { sent, response } = await send(bytes, after, streamed, headers)
    const made = await response.json<UploadJson>()
    expect(made).toMatchObject({ object: 'upload', bytes })
    const kept = await (await call(made.url)).bytes()
    const hash = createHash('sha256').update(kept).digest('hex')
    expect(hash).toBe(createHash('sha256').update(sent).digest('hex'))
    expect(made.sha256).toBe(hash)
  })

  it('or not at all, when the form breaks off behind it', async () => {
    const before = (await env.OUTPUTS.list({ prefix: 'uploads/' })).objects.length
    for (const after of ['', '\r\n--b', part('name="note"')]) {
      expect((await send(PART_BYTES + 1, after)).response.status).toBe(400)
    }
    expect((await env.OUTPUTS.list({ prefix: 'uploads/' })).objects).toHaveLength(before)
  })
})

describe('refused is', () => {
  const text = (content: string) => new Uint8Array(new TextEncoder().encode(content))
  const gif = text('GIF89a………………')
  const svg = text('<svg xmlns="http://www.w3.org/2000/svg"/>')

  it.each([
    ['nothing', () => upload(''), 400],
    ['a GIF', () => upload(gif, { 'content-type': 'image/png' }), 415],
    ['an SVG', () => upload(svg, { 'content-type': 'image/png' }), 415],
    ['JSON', () => upload('{}', { 'content-type': 'application/json' }), 415],
    ['half a picture', () => upload(picture.slice(0, 2000)), 400],
    ['half a picture, its length not told', () => upload(streamOf(picture.slice(0, 2000))), 400],
    ['a form without a file', () => upload(formWith()), 400],
    ['a form with two files', () => upload(formWith(picture, picture)), 400],
    ['a form with half a picture', () => upload(formWith(picture.slice(0, 2000))), 400],
    ['a form with a GIF', () => upload(formWith(gif)), 415],
    [
      'a form that is cut off behind its file',
      async () => {
        const form = new Request('https://example.com', { method: 'POST', body: formWith(picture) })
        const type = form.headers.get('content-type') ?? ''
        const bytes = await form.bytes()
        return upload(bytes.slice(0, -6), { 'content-type': type })
      },
      400,
    ],
    [
      'a broken form',
      () => upload('--x', { 'content-type': 'multipart/form-data; boundary=x' }),
      400,
    ],
  ])('%s', async (_, send, status) => {
    const response = await send()
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  })

  it('more than 50 MiB, with or without a length', async () => {
    const huge = new Uint8Array(50 * 1024 * 1024 + 1)
    huge.set(picture.slice(0, 100))
    for (const body of [huge, streamOf(huge), formWith(huge)]) {
      const response = await upload(body)
      expect(response.status).toBe(413)
      expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } })
    }
  })

  it('the admin token', async () => {
    const init = { method: 'POST', token: ADMIN_TOKEN, body: picture }
    expect((await call('/v1/uploads', init)).status).toBe(403)
  })

  it('without a trace in the bucket', async () => {
    const before = (await env.OUTPUTS.list({ prefix: 'uploads/' })).objects.length
    for (const body of [
      picture.slice(0, 2000),
      streamOf(picture.slice(0, 2000)),
      formWith(picture, picture),
    ])
      await (await upload(body)).arrayBuffer()
    expect((await env.OUTPUTS.list({ prefix: 'uploads/' })).objects).toHaveLength(before)
  })
})
