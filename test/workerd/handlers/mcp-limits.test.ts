/** What a key's agents may spend: its own limits, and the cap of a task that the operator set for them. */
import { expect, it } from 'vitest'
import type { KeyListJson, NewKeyJson } from '../../../src/wire/key'
import { ADMIN_TOKEN, call, paidJobs, post, readTask, uniquePrompt } from '../world/gateway'
import { ask, type Result, useTool } from '../world/mcp'

/** Of the default, at the only provider whose price in dollars is known here. */
const USD = 0.0235

async function keyWith(limits: object): Promise<NewKeyJson> {
  return (await post('/v1/keys', ADMIN_TOKEN, { name: 'agent', ...limits })).json()
}

function patch(id: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const sent = { method: 'PATCH', token: ADMIN_TOKEN, headers, body: JSON.stringify(body) }
  return call(`/v1/keys/${id}`, sent)
}

const PICTURE = { wait_seconds: 0 }
const idOf = ({ structuredContent }: Result) => String(structuredContent?.id)

async function askedFor(key: string, result: Result): Promise<number | undefined> {
  return (await readTask(key, idOf(result))).request.max_usd
}

it('shows the cap of a key, and lifts it', async () => {
  const { id, mcp_max_usd: made } = await keyWith({ mcp_max_usd: 0.5 })
  expect(made).toBe(0.5)
  const list = await (await call('/v1/keys', { token: ADMIN_TOKEN })).json<KeyListJson>()
  expect(list.data.find((key) => key.id === id)?.mcp_max_usd).toBe(0.5)
  expect(await (await patch(id, { mcp_max_usd: 1 })).json()).toMatchObject({ mcp_max_usd: 1 })
  expect(await (await patch(id, { name: 'x' })).json()).toMatchObject({ mcp_max_usd: 1 })
  expect(await (await patch(id, { mcp_max_usd: null })).json()).toMatchObject({ mcp_max_usd: null })
  for (const mcp_max_usd of [0, -1, '1', 1e9]) {
    const refused = await patch(id, { mcp_max_usd })
    expect(await refused.json()).toMatchObject({ error: { param: 'mcp_max_usd' } })
  }
})

it('holds every call that may cost something to the cap of its key', async () => {
  const { id, key } = await keyWith({ mcp_max_usd: 0.02 })
  const prompt = uniquePrompt('A crown')
  const reference = { image_urls: ['https://pictures.example.com/a.png'] }
  for (const max_usd of [undefined, 0.01, 5]) {
    const given = { ...PICTURE, prompt, max_usd }
    const refused = [
      await useTool(key, 'generate_image', given),
      await useTool(key, 'edit_image', { ...given, ...reference }),
    ]
    for (const { isError, text } of refused) {
      expect(isError).toBe(true)
      expect(text).toContain(
        `it costs $${USD}, more than max_usd ($${Math.min(0.02, max_usd ?? 1)})`,
      )
    }
    const quote = await useTool(key, 'quote', { prompt, max_usd })
    expect(quote.structuredContent).toMatchObject({ providers: expect.any(Array) })
    expect(quote.text).not.toContain('"eligible":true')
  }
  expect(await paidJobs(prompt)).toEqual([])
  // What is no agent is not held to it.
  expect((await post('/v1/quotes', key, { prompt })).status).toBe(200)
  expect((await post('/v1/tasks', key, { prompt })).status).toBe(202)

  await patch(id, { mcp_max_usd: null })
  expect(await askedFor(key, await useTool(key, 'generate_image', { ...PICTURE, prompt }))).toBe(
    undefined,
  )
})

it('lets the lower of the two caps hold', async () => {
  const { key } = await keyWith({ mcp_max_usd: 0.5 })
  const make = (given: object) =>
    useTool(key, 'generate_image', { ...PICTURE, prompt: uniquePrompt('A hat'), ...given })
  expect(await askedFor(key, await make({}))).toBe(0.5)
  expect(await askedFor(key, await make({ max_usd: 0.3 }))).toBe(0.3)
  expect(await askedFor(key, await make({ max_usd: 9 }))).toBe(0.5)
  expect((await make({ max_usd: 0 })).text).toMatch(/^invalid_request: max_usd/)
})

it('joins an open task although the cap was changed meanwhile', async () => {
  const { id, key } = await keyWith({ mcp_max_usd: 0.5 })
  const prompt = uniquePrompt('A slow hat')
  const named = { ...PICTURE, prompt: `${prompt} named`, idempotency_key: prompt }
  const given = { ...PICTURE, prompt: `${prompt} [[delay=20]]` }
  const first = [
    await useTool(key, 'generate_image', given),
    await useTool(key, 'generate_image', named),
  ]
  await patch(id, { mcp_max_usd: 0.001 })
  const again = [
    await useTool(key, 'generate_image', given),
    await useTool(key, 'generate_image', named),
  ]
  expect(again.map(idOf)).toEqual(first.map(idOf))
})

it('keeps to the spend limit of its key, however many calls come at once, and by which way', async () => {
  const { key } = await keyWith({ daily_usd_limit: 3.5 * USD })
  const prompt = uniquePrompt('A crowd')
  const accepted = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const request = { prompt: `${prompt} ${index}` }
      if (index % 3 === 0) return (await post('/v1/tasks', key, request)).status === 202
      return !(await useTool(key, 'generate_image', { ...PICTURE, ...request })).isError
    }),
  )
  expect(accepted.filter(Boolean)).toHaveLength(3)
})

it('tells a model what its key may spend', async () => {
  const { key } = await keyWith({
    rate_limit_per_minute: 7,
    daily_usd_limit: 2,
    total_usd_limit: 30,
    mcp_max_usd: 0.02,
  })
  const { tools } = await ask(key, 'tools/list')
  for (const { name, description } of tools) {
    if (!/^(generate|edit)_image$/.test(name)) continue
    expect(description).toContain('No provider can make a picture with the defaults now')
    expect(description).toMatch(
      /This key may make 7 tasks a minute, spend \$2 a day, spend \$30 altogether and pay \$0\.02 for a task: a lower max_usd holds, a higher one does not\.$/,
    )
  }
  const { tools: unlimited } = await ask((await keyWith({})).key, 'tools/list')
  expect(unlimited[0]?.description).toMatch(/costs \$0\.0235 and takes [^.]+\.$/)
})
