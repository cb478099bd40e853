/** Odd but complete answers: each manner at each provider, and that nothing is missing from them. */
import { describe, expect, it } from 'vitest'
import { jobsOf, PLAYED, type Played, play } from './played.ts'

const ADDRESS = expect.stringMatching(/^https:\/\/[^/]+\/files\/[^/]+\/0\.png$/)
const DATA_URL = expect.stringMatching(/^data:image\/png;base64,iVBORw0KGgo/)
const BASE64 = expect.stringMatching(/^iVBORw0KGgo/)
const NUMBER = expect.any(Number)
const TEXT = expect.any(String)

const isPolled = (provider: Played) => provider !== 'nanobananaapi.dev'
const POLLED = PLAYED.filter(isPolled)
/** Where the page of each provider has the pictures. */
const DOCUMENTED: Record<Played, (picture: unknown) => object> = {
  'aivideoapi.ai': (picture) => ({ output: { urls: [picture] } }),
  'gptimage2api.org': (picture) => ({ outputImageUrls: [picture] }),
  'gptimage2.ai': (picture) => ({ results: [{ imageUrl: picture, seed: TEXT }] }),
  'nanobananaapi.dev': (picture) => ({ data: { url: picture }, costCredits: NUMBER }),
}

describe.each(PLAYED)('%s puts pictures', (provider) => {
  it.each<[directive: string, body: object]>([
    ['pictures=data.*', { data: [ADDRESS] }],
    ['pictures=data.*.url', { data: [{ url: ADDRESS }] }],
    ['pictures=data.urls.*', { data: { urls: [ADDRESS] } }],
    ['pictures=data.images.*.url', { data: { images: [{ url: ADDRESS }] } }],
    ['pictures=images.*', { images: [ADDRESS] }],
    ['pictures=url', { url: ADDRESS }],
    ['pictures=output', { output: ADDRESS }],
    ['pictures=data.*.url inline=b64_json', { data: [{ b64_json: BASE64 }] }],
    ['pictures=images.* inline=b64_json', { images: [{ b64_json: BASE64 }] }],
    ['pictures=data.* inline=data-url', { data: [DATA_URL] }],
    ['inline=data-url', DOCUMENTED[provider](DATA_URL)],
    ['times=1', DOCUMENTED[provider](ADDRESS)],
  ])('%s', async (directive, body) => {
    const { done } = await play(provider, `A cat [[${directive}]]`)
    expect(await done.json()).toMatchObject(body)
  })

  it('nowhere but there', async () => {
    const { done } = await play(provider, 'A cat [[pictures=images.*]]')
    expect((await done.text()).match(/https:/g)).toHaveLength(1)
  })
})

it('has bytes in the place of an address in an object of the documented shape', async () => {
  const { done } = await play('gptimage2.ai', 'A cat [[inline=b64_json]]')
  expect(await done.json()).toMatchObject({ results: [{ b64_json: BASE64, seed: '1' }] })
})

it('lists several pictures where one would stand alone', async () => {
  const { done } = await play('gptimage2.ai', 'Cats [[pictures=url]]', { count: 3 })
  const { url } = (await done.json()) as { url: string[] }
  expect(new Set(url).size).toBe(3)
})

it.each([
  ['aivideoapi.ai', 'words=capitals', 'PROCESSING', 'COMPLETED'],
  ['aivideoapi.ai', 'words=mixed', 'Processing', 'Completed'],
  ['gptimage2.ai', 'words=capitals', 'RUNNING', 'SUCCEEDED'],
  ['gptimage2.ai', 'words=mixed', 'Running', 'Succeeded'],
] as const)('%s with %s says %s and %s', async (provider, directive, running, over) => {
  const { pending, done } = await play(provider, `A cat [[${directive}]]`)
  expect(await pending?.json()).toMatchObject({ status: running })
  expect(await done.json()).toMatchObject({ status: over })
})

it.each([
  ['aivideoapi.ai', 'submission=bare', { taskId: TEXT }],
  ['aivideoapi.ai', 'submission=wrapped', { code: 200, msg: 'success', data: { taskId: TEXT } }],
  ['gptimage2api.org', 'submission=wrapped', { code: 200, data: { taskId: TEXT } }],
  ['gptimage2.ai', 'submission=wrapped', { code: 200, data: { jobId: TEXT } }],
  ['nanobananaapi.dev', 'submission=wrapped', { code: 200, data: { data: { url: ADDRESS } } }],
  ['aivideoapi.ai', 'ids=numeric', { data: { taskId: NUMBER } }],
  ['gptimage2api.org', 'ids=numeric', { taskId: NUMBER }],
  ['gptimage2.ai', 'ids=numeric', { jobId: NUMBER }],
] as const)('%s with %s answers a submission otherwise', async (provider, directive, body) => {
  const { submission } = await play(provider, `A cat [[${directive}]]`)
  expect(await submission.json()).toMatchObject(body)
})

describe.each(POLLED)('%s', (provider) => {
  it('wraps a task answer, and its id may be a number', async () => {
    const { done } = await play(provider, 'A cat [[task=wrapped ids=numeric]]')
    const id = { [provider === 'gptimage2.ai' ? 'jobId' : 'id']: NUMBER }
    const data = { ...id, ...DOCUMENTED[provider](ADDRESS) }
    expect(await done.json()).toMatchObject({ code: 200, msg: 'success', data })
  })

  it('has nothing yet, and says so', async () => {
    const root = Object.keys(DOCUMENTED[provider](null))[0] ?? ''
    const nulls = await play(provider, 'A cat [[unset=null]]')
    expect(await nulls.pending?.json()).toMatchObject({ [root]: null, error: null })
    expect(await nulls.done.json()).toMatchObject(DOCUMENTED[provider](ADDRESS))
    const empty = await play(provider, 'A cat [[unset=empty]]')
    const nothing = provider === 'aivideoapi.ai' ? { urls: [] } : []
    expect(await empty.pending?.json()).toMatchObject({ [root]: nothing })
  })

  it('answers with another success', async () => {
    const { submission, pending } = await play(provider, 'A cat [[submitHttp=201 taskHttp=200]]')
    expect([submission.status, pending?.status]).toEqual([201, 200])
  })
})

describe.each(PLAYED)('%s says a refusal in the body', (provider) => {
  it('and takes no job', async () => {
    const { sandbox, submission } = await play(provider, 'A cat [[submit=body-402]]')
    expect(submission.status).toBe(200)
    const refused = { code: 402, msg: 'insufficient credits', data: null }
    expect(await submission.json()).toEqual(refused)
    expect(await jobsOf(sandbox)).toEqual([])
  })

  it('and has taken one all the same', async () => {
    const { sandbox, submission } = await play(provider, 'A cat [[answer=body-402]]')
    const [job] = await jobsOf(sandbox)
    const named = isPolled(provider) ? job?.id : `/files/${job?.id}/0.png`
    const { code, data } = (await submission.json()) as { code: number; data: unknown }
    expect([submission.status, code]).toEqual([200, 402])
    expect(JSON.stringify(data)).toContain(named)
  })
})

it.each([
  ['type=text/plain', 'text/plain', '{'],
  ['type=none', null, '{'],
  ['prefix=bom', 'application/json', '\uFEFF{'],
  ['prefix=space', 'application/json', ' \r\n\t{'],
])('%s changes how an answer begins', async (directive, type, start) => {
  const { done } = await play('gptimage2.ai', `A cat [[${directive}]]`)
  expect(done.headers.get('content-type')).toBe(type)
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await done.arrayBuffer())
  expect(text.slice(0, start.length)).toBe(start)
})

it('is asked of one provider or of all', async () => {
  const prompt = 'A cat [[aivideoapi.ai pictures=url]]'
  expect(await (await play('aivideoapi.ai', prompt)).done.json()).toHaveProperty('url')
  expect(await (await play('gptimage2.ai', prompt)).done.json()).not.toHaveProperty('url')
})
