/** The MCP endpoint with the protocol's own client, in both of its eras, over real HTTP. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CallToolResult,
  Client,
  type ContentBlock,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Imagegate } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import { drawPicture } from '../../sandbox/picture.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

const MODERN = '2026-07-28'
const ERAS = [['2025-11-25', 'legacy'] as const, [MODERN, { pin: MODERN }] as const]

let data: string
let sandbox: SandboxServer
let gateway: LocalGateway
let operator: Imagegate
let key: string

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imagegate-mcp-'))
  sandbox = await startSandbox(0, () => 0.5)
  gateway = await startGateway(sandbox.origin, data, 0)
  operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  key = await makeKey()
}, 60_000)

afterAll(async () => {
  await gateway.close()
  sandbox.close()
  await rm(data, { recursive: true, force: true })
})

async function makeKey(limits: { daily_usd_limit?: number } = {}): Promise<string> {
  return (await operator.keys.create({ name: 'agent', ...limits })).key
}

type Mode = 'legacy' | { pin: string }

async function connect(mode: Mode, token = key): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } })
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', gateway.url), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    }),
  )
  return client
}

const call = (client: Client, name: string, given: Record<string, unknown>) =>
  client.callTool({ name, arguments: given })

/** What a tool said that fits its output schema, which the client has checked. */
function structured(result: CallToolResult): Record<string, unknown> & { id: string } {
  const { structuredContent } = result
  if (structuredContent === null || typeof structuredContent !== 'object')
    throw new Error(`There is no structured content: ${JSON.stringify(result)}`)
  return { id: '', ...structuredContent }
}

const textOf = ({ content }: CallToolResult) =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('')

function block<Type extends ContentBlock['type']>(
  { content }: CallToolResult,
  type: Type,
): Extract<ContentBlock, { type: Type }> {
  const isIt = (one: ContentBlock): one is Extract<ContentBlock, { type: Type }> =>
    one.type === type
  const found = content.find(isIt)
  if (!found) throw new Error(`There is no ${type} in ${JSON.stringify(content)}`)
  return found
}

async function paidJobs(prompt: string): Promise<unknown[]> {
  const query = encodeURIComponent(prompt)
  const response = await fetch(`${sandbox.origin}/_sandbox/jobs?prompt=${query}`)
  const jobs: unknown = await response.json()
  return Array.isArray(jobs) ? jobs : []
}

describe.each(ERAS)('a client of %s', (version, mode) => {
  let client: Client
  beforeAll(async () => {
    client = await connect(mode)
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
    expect(image.data.length).toBeLessThan(180_000)

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
    const { request } = await operator.tasks.get(edited.id)
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
    expect(structured(providers).data).toHaveLength(4)
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

  it.each([
    ['generate_image', {}, /^invalid_request: prompt is required/],
    ['generate_image', { prompt: 'x', size: '1x1', aspect_ratio: '1:1' }, /size can't be combined/],
    [
      'generate_image',
      { prompt: 'x', callback_url: 'https://x.example' },
      /no field "callback_url"/,
    ],
    ['generate_image', { prompt: 'a\0b' }, /prompt has a character that can't be stored/],
    ['edit_image', { prompt: 'x' }, /Name a reference picture/],
    ['edit_image', { prompt: 'x', upload_ids: ['upl_0'] }, /no such upload of yours/],
    ['edit_image', { prompt: 'x', task_ids: ['task_0'] }, /no such picture of yours/],
    ['edit_image', { prompt: 'x', image_urls: ['http://10.0.0.1/a.png'] }, /image_urls\[0\]/],
    ['get_task', { id: 'task_0' }, /^task_not_found/],
    ['upload_reference', { base64: 'aGVsbG8=' }, /^unsupported_media_type/],
    ['upload_reference', { base64: '????' }, /not valid base64/],
  ])('reads what was wrong with %s %j', async (name, given, message) => {
    const result = await call(client, name, given)
    expect(result.isError).toBe(true)
    expect(textOf(result)).toMatch(message)
  })

  it('leaves out what is null', async () => {
    const quote = await call(client, 'quote', { prompt: 'x', size: null, provider: null })
    expect(quote.isError).toBeFalsy()
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
    const again = structured(await call(client, 'generate_image', { ...given, wait_seconds: 0 }))
    expect(again.status).toMatch(/queued|processing/)
    const found = structured(await call(client, 'get_task', { id: again.id }))
    expect(found).toMatchObject({ id: again.id, status: 'succeeded', outputs: [{ index: 0 }] })
    expect(await paidJobs(prompt)).toHaveLength(1)
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
    expect(await paidJobs(prompt)).toHaveLength(1)
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
  const poor = await connect('legacy', await makeKey({ daily_usd_limit: 0.01 }))
  const refused = await call(poor, 'generate_image', { prompt: 'x' })
  expect(textOf(refused)).toMatch(/^spend_limit_exceeded: .* Try again in \d+ seconds\.$/)
  const rich = await connect('legacy')
  const { id } = structured(await call(rich, 'generate_image', { prompt: 'Mine' }))
  expect(textOf(await call(poor, 'get_task', { id }))).toMatch(/^task_not_found/)
  expect(textOf(await call(poor, 'edit_image', { prompt: 'x', task_ids: [id] }))).toMatch(
    /no such picture of yours/,
  )
  expect(structured(await call(poor, 'list_tasks', {}))).toMatchObject({ data: [] })
  expect(textOf(await call(rich, 'cancel_task', { id }))).toMatch(/^task_not_cancelable/)
})

it('takes client keys only, and no page of another site', async () => {
  const send = (headers: Record<string, string>) =>
    fetch(new URL('/mcp', gateway.url), { method: 'POST', headers, body: '{}' })
  const without = await send({})
  expect(without.status).toBe(401)
  expect(without.headers.get('www-authenticate')).toBe('Bearer')
  expect((await send({ Authorization: `Bearer ${gateway.adminToken}` })).status).toBe(403)
  const page = { Authorization: `Bearer ${key}`, Origin: 'https://evil.example' }
  expect((await send(page)).status).toBe(403)
  const get = await fetch(new URL('/mcp', gateway.url))
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
})

it('has texts for models at its root', async () => {
  const index = await fetch(new URL('/llms.txt', gateway.url))
  expect(index.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await index.text()).toContain('`POST /v1/tasks`')
  expect((await fetch(new URL('/llms-full.txt', gateway.url))).status).toBe(200)
})
