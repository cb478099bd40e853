/** The MCP endpoint with the protocol's own client, in both of its eras, over real HTTP. */
import type { Client } from '@modelcontextprotocol/client'
import { imageSize } from 'image-size'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPicture } from '../../sandbox/picture.ts'
import { PROVIDER_IDS } from '../../src/core/request.ts'
import { block, call, ERAS, McpWorld, structured, textOf } from './mcp-world.ts'

const world = new McpWorld()
beforeAll(() => world.start(), 60_000)
afterAll(() => world.stop())

describe.each(ERAS)('a client of %s', (version, mode) => {
  let client: Client
  beforeAll(async () => {
    client = await world.connect(mode)
  })
  afterAll(() => client.close())

  it('reads what the tools do, what they cost, and what they take and give', async () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(version)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      'generate_image',
      'edit_image',
      'get_task',
      'list_tasks',
      'cancel_task',
      'quote',
      'list_providers',
      'upload_reference',
    ])
    expect(tools[0]?.description).toMatch(/one picture \(gpt-image-2 at \S+\) costs \$0\.0235/)
    expect(tools[0]?.inputSchema).toMatchObject({ required: ['prompt'] })
    // References would have to be followed, which not every client does.
    expect(JSON.stringify(tools)).not.toContain('$ref')
    for (const { outputSchema } of tools) expect(outputSchema).toMatchObject({ type: 'object' })
  })

  it('gets a picture: a link, a small rendition, and what it cost', async () => {
    await client.listTools()
    const given = { prompt: `A kite ${version}`, aspect_ratio: '2:3' }
    const result = await call(client, 'generate_image', given)
    expect(result.isError).toBeFalsy()
    const task = structured(result)
    expect(task).toMatchObject({
      status: 'succeeded',
      provider: 'aivideoapi.ai',
      cost: { usd: 0.0235, charged: 'yes' },
      prompt: given.prompt,
      outputs: [{ content_type: 'image/png' }],
    })
    expect(textOf(result)).toContain(task.id)
    const link = block(result, 'resource_link')
    const picture = await fetch(link.uri)
    expect(picture.headers.get('content-type')).toBe(link.mimeType)
    expect((await picture.arrayBuffer()).byteLength).toBe(link.size)
    const image = block(result, 'image')
    expect(image.mimeType).toBe('image/webp')
    const preview = Buffer.from(image.data, 'base64')
    expect(preview.byteLength).toBeLessThan(100_000)
    expect(imageSize(preview)).toMatchObject({ type: 'webp', height: 512, width: 341 })

    const listed = await call(client, 'list_tasks', { metadata: { origin: 'mcp' }, limit: 1 })
    expect(structured(listed)).toMatchObject({ data: [{ id: task.id }] })
    // What is over is over: the same call is a new picture.
    const next = structured(await call(client, 'generate_image', given))
    expect(next).toMatchObject({ status: 'succeeded' })
    expect(next.id).not.toBe(task.id)
  })

  it('edits a picture it made and one it sent', async () => {
    const first = structured(await call(client, 'generate_image', { prompt: 'A cup' }))
    const png = drawPicture('gptimage2.ai', 'A saucer', { width: 64, height: 48 })
    const base64 = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
    const upload = structured(await call(client, 'upload_reference', { base64 }))
    expect(upload).toMatchObject({ width: 64, height: 48 })
    const given = {
      prompt: `The cup on the saucer ${version}`,
      task_ids: [first.id],
      upload_ids: [upload.id],
    }
    const edited = structured(await call(client, 'edit_image', given))
    expect(edited).toMatchObject({ status: 'succeeded' })
    const { request } = await world.operator.tasks.get(edited.id)
    const here = (url: string) => new URL(url).pathname
    expect(request.image_urls?.map(here)).toEqual([
      `/v1/tasks/${first.id}/outputs/0`,
      `/v1/uploads/${upload.id}`,
    ])
    for (const url of request.image_urls ?? []) expect((await fetch(url)).status).toBe(200)
  })

  it('is told the price before, and which providers there are', async () => {
    const quote = await call(client, 'quote', { prompt: 'x', n: 2 })
    expect(structured(quote)).toMatchObject({
      providers: expect.arrayContaining([
        expect.objectContaining({ provider: 'aivideoapi.ai', eligible: true, usd: 0.047 }),
      ]),
    })
    expect(JSON.parse(textOf(quote))).toEqual(quote.structuredContent)
    const providers = await call(client, 'list_providers', {})
    expect(structured(providers).data).toHaveLength(PROVIDER_IDS.length)
    expect(JSON.stringify(providers.content).length).toBeLessThan(25_000)
  })

  it('reads why a picture failed, and what to do', async () => {
    const given = { prompt: 'A sin [[submit=moderated]]', provider: 'gptimage2.ai' }
    const result = await call(client, 'generate_image', given)
    expect(result).toMatchObject({
      isError: true,
      structuredContent: { status: 'failed', error: { code: 'content_refused' } },
    })
    expect(textOf(result)).toMatch(/content_refused\. .*Change the prompt.*Nothing was charged\./)
  })

  it('hears how long it has been', async () => {
    const seen: string[] = []
    const progress: number[] = []
    await client.callTool(
      { name: 'generate_image', arguments: { prompt: `Slowly ${version} [[delay=7]]` } },
      {
        onprogress: (one) => {
          progress.push(one.progress)
          seen.push(one.message ?? '')
        },
      },
    )
    expect(progress.length).toBeGreaterThan(1)
    expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b))
    expect(seen[0]).toMatch(/^\d+ s; a picture took \d+ s in the middle of the last day$/)
  })

  it('gives up and repeats: one paid picture, found by get_task', async () => {
    const prompt = `A patient mountain ${version}`
    const given = { prompt: `${prompt} [[delay=6]]` }
    const impatient = client.callTool(
      { name: 'generate_image', arguments: given },
      { timeout: 1_500 },
    )
    await expect(impatient).rejects.toThrow(/timed out/i)
    const joined = await call(client, 'generate_image', { ...given, wait_seconds: 0 })
    const again = structured(joined)
    expect(again.status).toMatch(/queued|processing/)
    expect(textOf(joined)).toContain('call get_task with this id')
    const found = structured(await call(client, 'get_task', { id: again.id }))
    expect(found).toMatchObject({ id: again.id, status: 'succeeded', outputs: [{ index: 0 }] })
    expect(await world.paidJobs(prompt)).toHaveLength(1)
  })

  it('makes one picture of equal calls at the same moment', async () => {
    const prompt = `Twins ${version}`
    const given = { prompt: `${prompt} [[delay=2]]`, metadata: { b: '1', a: '2' } }
    const other = { metadata: { a: '2', b: '1' }, prompt: given.prompt }
    const results = await Promise.all([
      call(client, 'generate_image', given),
      call(client, 'generate_image', other),
      call(client, 'generate_image', given),
    ])
    expect(new Set(results.map((result) => structured(result).id)).size).toBe(1)
    expect(await world.paidJobs(prompt)).toHaveLength(1)
  })

  it('names a picture by an idempotency key, also after its end', async () => {
    const given = { prompt: 'A name', idempotency_key: `name ${version}` }
    const { id } = structured(await call(client, 'generate_image', given))
    expect(structured(await call(client, 'generate_image', given)).id).toBe(id)
    const other = await call(client, 'generate_image', { ...given, prompt: 'Another' })
    expect(textOf(other)).toMatch(/^idempotency_key_reused/)
  })
})

it('keeps to the limits of its key, and sees its own tasks only', async () => {
  const poor = await world.connect('legacy', await world.makeKey({ daily_usd_limit: 0.01 }))
  const refused = await call(poor, 'generate_image', { prompt: 'x' })
  expect(textOf(refused)).toMatch(/^spend_limit_exceeded: .* Try again in \d+ seconds\.$/)
  const rich = await world.connect('legacy')
  const { id } = structured(await call(rich, 'generate_image', { prompt: 'Mine' }))
  expect(textOf(await call(poor, 'get_task', { id }))).toMatch(/^task_not_found/)
  expect(textOf(await call(poor, 'edit_image', { prompt: 'x', task_ids: [id] }))).toMatch(
    /no such picture of yours/,
  )
  expect(structured(await call(poor, 'list_tasks', {}))).toMatchObject({ data: [] })
  expect(textOf(await call(rich, 'cancel_task', { id }))).toMatch(/^task_not_cancelable/)
})

it('is held to the cap of its key, whatever it asks for', async () => {
  const agent = await world.connect('legacy', await world.makeKey({ mcp_max_usd: 0.02 }))
  const { tools } = await agent.listTools()
  expect(tools[0]?.description).toMatch(/This key may pay \$0\.02 for a task/)
  const given = { prompt: 'A coin', max_usd: 1 }
  const dear = await call(agent, 'generate_image', { ...given, provider: 'aivideoapi.ai' })
  expect(textOf(dear)).toMatch(/^no_eligible_provider: .*more than max_usd \(\$0\.02\)/)
  const { id, ...made } = structured(await call(agent, 'generate_image', given))
  expect(made).toMatchObject({ status: 'succeeded', provider: 'gptimage2api.org' })
  expect((await world.operator.tasks.get(id)).request.max_usd).toBe(0.02)
})

it('has texts for models at its root', async () => {
  const index = await fetch(new URL('/llms.txt', world.gateway.url))
  expect(index.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await index.text()).toContain('`POST /v1/tasks`')
  expect((await fetch(new URL('/llms-full.txt', world.gateway.url))).status).toBe(200)
})
