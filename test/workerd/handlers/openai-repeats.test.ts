/**
 * What OpenAI's SDKs send again by themselves, marked as such, pays for nothing twice, and what is
 * equal but no repeat is a picture of its own.
 */
import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import worker from '../../../src/index'
import { encodeBase64 } from '../../../src/outputs/base64-text'
import {
  call,
  makeKey,
  ORIGIN,
  paidJobs,
  post,
  readTask,
  uniquePrompt,
  untilOver,
} from '../world/gateway'

const PATH = '/openai/v1/images/generations'
const REPEAT = { 'x-stainless-retry-count': '1' }
/** Only gptimage2api.org makes it, which is polled every two seconds. */
const QUICK = { size: '1537x1024' }
/** Of a form. */
type Part = [name: string, value: string | Blob]

const answerSchema = z.object({ task_id: z.string() })

let key: string
beforeAll(async () => {
  key = await makeKey()
})

/** Asks as a stream, whose first line names the task, and goes away like a client that lost patience. */
async function askAndLeave(body: object, headers = {}, token = key): Promise<string> {
  return leave(await post(PATH, token, { ...body, stream: true }, headers))
}

async function leave(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  const id = /^: (task_\w+)/.exec(new TextDecoder().decode(value))?.[1]
  if (!id) throw new Error(`${response.status} ${new TextDecoder().decode(value)}`)
  return id
}

async function ask(body: object, headers = {}): Promise<string> {
  const response = await post(PATH, key, body, headers)
  expect(response.status).toBe(200)
  return answerSchema.parse(await response.json()).task_id
}

const setCompletedAt = (id: string, at: number) =>
  env.DB.prepare('update tasks set completed_at = ? where id = ?').bind(at, id).run()

describe('a repeat', () => {
  it('gets the task that is open, and its picture', async () => {
    const body = { prompt: uniquePrompt('A [[delay=2]]'), ...QUICK }
    const first = await askAndLeave(body)
    expect(await ask(body, REPEAT)).toBe(first)
    expect(await paidJobs(body.prompt)).toHaveLength(1)
  })

  it('gets the picture that its client missed, for a while', async () => {
    const body = { prompt: uniquePrompt('B'), ...QUICK }
    const first = await ask(body)
    expect(await ask(body, REPEAT)).toBe(first)
    await setCompletedAt(first, Date.now() - 16 * 60_000)
    expect(await ask(body, REPEAT)).not.toBe(first)
  })

  it('is no other one: of another key, or of another request', async () => {
    const body = { prompt: uniquePrompt('C [[delay=60]]') }
    const first = await askAndLeave(body)
    const others = [
      askAndLeave(body),
      askAndLeave(body, { 'x-stainless-retry-count': '0' }),
      askAndLeave(body, REPEAT, await makeKey()),
      askAndLeave({ ...body, n: 2 }, REPEAT),
      askAndLeave(body, { ...REPEAT, 'idempotency-key': uniquePrompt('own') }),
    ]
    const ids = await Promise.all(others)
    expect(new Set([first, ...ids]).size).toBe(6)
  })

  it('means the same however the answer is wanted', async () => {
    const body = { prompt: uniquePrompt('D [[delay=60]]') }
    const first = await askAndLeave({ ...body, quality: 'standard' })
    const wishes = { model: 'gpt-image-2', response_format: 'url', user: 'u1', n: 1, size: 'auto' }
    expect(await askAndLeave({ ...body, ...wishes }, REPEAT)).toBe(first)
  })

  it('of two equal requests gets one each', async () => {
    const body = { prompt: uniquePrompt('E [[delay=60]]') }
    const first = [await askAndLeave(body), await askAndLeave(body)]
    // Nobody leaves here, so that each is waited for by one.
    const again = [1, 2].map(() => post(PATH, key, { ...body, stream: true }, REPEAT))
    const ids: string[] = []
    for (const answer of again) {
      const reader = (await answer).body?.getReader()
      ids.push(
        new TextDecoder()
          .decode((await reader?.read())?.value)
          .slice(2)
          .trim(),
      )
    }
    expect(ids.toSorted()).toEqual(first.toSorted())
  })

  it('is made anew where nothing was charged for sure', async () => {
    const body = { prompt: uniquePrompt('F [[submit=400]]'), ...QUICK }
    const first = await post(PATH, key, body)
    expect(first.status).toBe(502)
    const again = await post(PATH, key, body, REPEAT)
    expect(await taskIdIn(again)).not.toBe(await taskIdIn(first))
  })

  it('hears the same where a provider may have charged', async () => {
    const body = { prompt: uniquePrompt('G [[answer=500]]'), ...QUICK }
    const first = await post(PATH, key, body)
    const again = await post(PATH, key, body, REPEAT)
    for (const answer of [first, again]) {
      expect(answer.status).toBe(422)
      expect(answer.headers.get('x-should-retry')).toBe('false')
    }
    expect(await taskIdIn(again)).toBe(await taskIdIn(first))
    expect(await paidJobs(body.prompt)).toHaveLength(1)
  })

  it('makes one task, though several come before any is written', async () => {
    const body = { prompt: uniquePrompt('H [[delay=60]]') }
    const ids = await Promise.all([1, 2, 3, 4, 5].map(() => askAndLeave(body, REPEAT)))
    expect(new Set(ids).size).toBe(1)
  })

  it('that overtook its first try is joined by it, once nobody waits for that one', async () => {
    const body = { prompt: uniquePrompt('I [[delay=60]]') }
    const overtaking = await askAndLeave(body, REPEAT)
    const late = await worker.fetch(
      new Request(ORIGIN + PATH, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, stream: true }),
        signal: AbortSignal.abort(),
      }),
      env,
      createExecutionContext(),
    )
    expect(await leave(late)).toBe(overtaking)
    expect(await askAndLeave(body)).not.toBe(overtaking)
  })

  it('gets no task that was deleted', async () => {
    const body = { prompt: uniquePrompt('J'), ...QUICK }
    const first = await ask(body)
    await call(`/v1/tasks/${first}`, { method: 'DELETE', token: key })
    expect(await ask(body, REPEAT)).not.toBe(first)
  })
})

it('makes as many tasks as there are equal requests at once', async () => {
  const body = { prompt: uniquePrompt('K [[delay=60]]') }
  const ids = await Promise.all(Array.from({ length: 8 }, () => askAndLeave(body)))
  expect(new Set(ids).size).toBe(8)
})

async function taskIdIn(response: Response): Promise<string> {
  const { error } = z.object({ error: answerSchema }).parse(await response.clone().json())
  return error.task_id
}

describe('an edit', () => {
  const PNG = 'image/png'
  let boat: ArrayBuffer
  beforeAll(async () => {
    const id = await ask({ prompt: 'A boat', ...QUICK })
    const task = await untilOver(key, id)
    boat = await (await call(task.outputs[0]?.url ?? '')).arrayBuffer()
  })

  const uploads = async () =>
    (await env.OUTPUTS.list({ prefix: 'uploads/' })).objects.map((object) => object.key)
  const file = () => new Blob([boat], { type: PNG })

  function edit(parts: Part[], headers = {}): Promise<Response> {
    const form = new FormData()
    for (const [name, value] of parts) {
      if (typeof value === 'string') form.append(name, value)
      else form.append(name, value, 'a.png')
    }
    return call('/openai/v1/images/edits', { method: 'POST', token: key, headers, body: form })
  }

  it('is repeated with the same bytes, which are kept once', async () => {
    const wanted: Part[] = [
      ['prompt', uniquePrompt('L')],
      ['size', QUICK.size],
      ['image', file()],
    ]
    const before = await uploads()
    const first = answerSchema.parse(await (await edit(wanted)).json()).task_id
    const again = await edit(wanted, REPEAT)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(answerSchema.parse(await again.json()).task_id).toBe(first)
    expect(await uploads()).toHaveLength(before.length + 1)
    const other = await edit([...wanted, ['image[]', file()]], REPEAT)
    expect(answerSchema.parse(await other.json()).task_id).not.toBe(first)
  })

  it('keeps nothing of what it refuses', async () => {
    const before = await uploads()
    const prompt: Part = ['prompt', 'x']
    const refused: Array<[string, Part[]]> = [
      ['prompt', [['image', file()]]],
      ['mask', [prompt, ['image', file()], ['mask', file()]]],
      ['image', [prompt]],
      ['image', [prompt, ['image', file()], ['image', new Blob(['no picture'], { type: PNG })]]],
      ['image', [prompt, ...Array.from({ length: 17 }, (): Part => ['image[]', file()])]],
      ['image', [prompt, ['image', file()], ['image', 'https://10.0.0.1/a.png']]],
      ['n', [prompt, ['image', file()], ['n', 'two']]],
      ['prompt', [prompt, prompt, ['image', file()]]],
      ['surprise', [prompt, ['image', file()], ['surprise', '1']]],
      ['model', [prompt, ['image', file()], ['model', 'dall-e-2']]],
    ]
    for (const [param, parts] of refused) {
      const response = await edit(parts)
      expect([400, 404], param).toContain(response.status)
      const { error } = z
        .object({ error: z.object({ param: z.string() }) })
        .parse(await response.json())
      expect(error.param).toBe(param)
    }
    expect(await uploads()).toEqual(before)
  })

  it('takes addresses in a form, beside files', async () => {
    const address = 'https://pictures.example.com/boat.png'
    const base64 = new TextDecoder().decode(encodeBase64(new Uint8Array(boat)))
    const response = await edit([
      ['prompt', uniquePrompt('M')],
      ['size', QUICK.size],
      ['image[0]', address],
      ['image[1]', file()],
      ['image[2]', `data:image/png;base64,${base64}`],
    ])
    const { task_id: id } = answerSchema.parse(await response.json())
    const [first, ...own] = (await readTask(key, id)).request.image_urls ?? []
    expect(first).toBe(address)
    expect(own).toHaveLength(2)
    for (const url of own)
      expect((await call(url)).headers.get('content-length')).toBe(`${boat.byteLength}`)
  })

  it('as JSON keeps the pictures in it, and nothing else', async () => {
    const base64 = new TextDecoder().decode(encodeBase64(new Uint8Array(boat)))
    const images = [{ image_url: `data:image/png;base64,${base64}` }]
    const before = await uploads()
    const send = (body: object) => post('/openai/v1/images/edits', key, body)
    const response = await send({ prompt: uniquePrompt('N'), ...QUICK, images })
    expect(response.status).toBe(200)
    await response.bytes()
    expect(await uploads()).toHaveLength(before.length + 1)
    for (const body of [
      { prompt: 'x', images: [...images, { image_url: 'data:image/png;base64,AAAA' }] },
      { prompt: 'x', images: [{ file_id: 'file-1' }] },
      { prompt: 'x', images: [{ image_url: 'answer:0' }] },
      { prompt: 'x', images, mask: images[0] },
      { prompt: 'x', images: [] },
      { images },
    ]) {
      expect((await send(body)).status, JSON.stringify(body).slice(0, 80)).toBe(400)
    }
    expect(await uploads()).toHaveLength(before.length + 1)
  })
})
