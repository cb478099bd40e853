/** Smaller copies of a picture: made once, kept beside it, gone with it. */
import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import { pictureSize, sniffPicture } from '../../../src/core/picture'
import { outputKey } from '../../../src/outputs/bucket'
import {
  findRendition,
  type Original,
  RENDITION_FORMATS,
  type RenditionWish,
} from '../../../src/outputs/renditions'
import type { TaskJson } from '../../../src/wire/task'
import { call, makeKey, runTask } from '../world/gateway'
import { attemptsOf } from '../world/rows'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

/** A picture that a task made, 1536 pixels wide, under a key of its own. */
async function makeOriginal(): Promise<{ task: TaskJson; original: Original }> {
  const task = await runTask(key, {
    prompt: 'A miniature',
    provider: 'nanobananaapi.dev',
    size: '1536x1024',
  })
  const [attempt] = await attemptsOf(task.id)
  const [output] = task.outputs
  if (!attempt || !output) throw new Error('There is no picture.')
  const { content_type: contentType, bytes, width } = output
  return { task, original: { key: outputKey(task.id, attempt.id, 0), contentType, bytes, width } }
}

const find = (original: Original, wish: RenditionWish) =>
  findRendition(env.IMAGES, env.OUTPUTS, original, wish)

const read = async (storedKey: string) => (await env.OUTPUTS.get(storedKey))?.bytes()

async function keysBeside({ key: originalKey }: Original): Promise<string[]> {
  const { objects } = await env.OUTPUTS.list({ prefix: originalKey })
  return objects.map((object) => object.key).filter((other) => other !== originalKey)
}

it.each(RENDITION_FORMATS)('is as wide as asked, as %s', async (format) => {
  const { original } = await makeOriginal()
  const whole = await read(original.key)
  const rendition = await find(original, { width: 300, format })
  const bytes = await read(rendition?.key ?? '')
  expect(sniffPicture(bytes ?? new Uint8Array())).toBe(`image/${format}`)
  expect(pictureSize(bytes ?? new Uint8Array())).toEqual({ width: 300, height: 200 })
  expect(rendition).toMatchObject({ contentType: `image/${format}`, bytes: bytes?.byteLength })
  expect(await read(original.key)).toEqual(whole)
})

it('is made once', async () => {
  const { original } = await makeOriginal()
  const first = await find(original, { width: 64 })
  expect(first).not.toBeNull()
  // Without the binding nothing can be made, only found.
  expect(await findRendition(undefined, env.OUTPUTS, original, { width: 64 })).toEqual(first)
  expect(await keysBeside(original)).toHaveLength(1)
})

it('is the original where that is what was asked for', async () => {
  const { original } = await makeOriginal()
  expect(await find(original, { width: 1536 })).toBeNull()
  expect(await find(original, { format: 'png' })).toBeNull()
  expect(await find(original, { width: 2000, format: 'webp' })).toMatchObject({
    contentType: 'image/webp',
  })
  expect(await keysBeside(original)).toHaveLength(1)
})

it('is the original without the binding, and where it is too large or can not be read', async () => {
  const { original } = await makeOriginal()
  expect(await findRendition(undefined, env.OUTPUTS, original, { width: 64 })).toBeNull()
  expect(await find({ ...original, bytes: 21 * 1024 * 1024 }, { width: 64 })).toBeNull()
  await env.OUTPUTS.put(original.key, 'no picture at all')
  expect(await find(original, { width: 64 })).toBeNull()
  expect(await keysBeside(original)).toEqual([])
})

it('is the original once there are sixteen others', async () => {
  const { original } = await makeOriginal()
  for (let width = 20; width < 36; width++)
    expect(await find(original, { width, format: 'jpeg' })).not.toBeNull()
  expect(await find(original, { width: 36, format: 'jpeg' })).toBeNull()
  expect(await find(original, { width: 20, format: 'jpeg' })).not.toBeNull()
})

it('is gone with its task', async () => {
  const { task, original } = await makeOriginal()
  await find(original, { width: 64 })
  const response = await call(`/v1/tasks/${task.id}`, { method: 'DELETE', token: key })
  expect(response.status).toBe(204)
  const { objects } = await env.OUTPUTS.list({ prefix: `outputs/${task.id}/` })
  expect(objects).toEqual([])
})

it('does not outlive an original that is deleted while it is made', async () => {
  const { original } = await makeOriginal()
  const binding = env.IMAGES
  const slow: ImagesBinding = {
    ...binding,
    input: (stream) => {
      const deleted = env.OUTPUTS.delete(original.key)
      const transformer = binding.input(stream)
      const output = transformer.output.bind(transformer)
      transformer.output = async (options) => {
        await deleted
        return output(options)
      }
      return transformer
    },
  }
  expect(await findRendition(slow, env.OUTPUTS, original, { format: 'webp' })).toBeNull()
  expect(await keysBeside(original)).toEqual([])
})
