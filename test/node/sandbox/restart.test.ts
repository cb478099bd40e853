/** The sandbox is killed right after it answered, and the next one knows everything it said. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../../../sandbox/server.ts')
const HEADERS = { authorization: 'Bearer sk-sandbox', 'content-type': 'application/json' }

// Processes start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: string
let jobsFile: string
let child: ChildProcess
let origin: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imagegate-sandbox-'))
  jobsFile = join(folder, 'jobs.jsonl')
  await start('0')
})

afterEach(async () => {
  await kill()
  await rm(folder, { recursive: true })
})

async function start(port: string): Promise<void> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  child = spawn(process.execPath, [SCRIPT, port, jobsFile], { stdio: [...stdio] })
  if (!child.stdout) throw new Error('no output')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  origin = /http:\/\/[^/]+/.exec(line)?.[0] ?? ''
}

async function kill(): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function restart(): Promise<void> {
  await kill()
  await start(new URL(origin).port)
}

async function submit<T>(path: string, body: object): Promise<T> {
  const init = { method: 'POST', headers: HEADERS, body: JSON.stringify(body) }
  return (await fetch(origin + path, init)).json() as Promise<T>
}

const get = (path: string) => fetch(origin + path, { headers: HEADERS })
const read = async <T>(path: string) => (await get(path)).json() as Promise<T>
const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer())

interface Image2Job {
  jobId: string
  status: string
  balance: { paidCredits: number }
  results: Array<{ imageUrl: string }>
}

const makeJob = (prompt: string, count = 1) =>
  submit<Image2Job>('/gptimage2.ai/api/generate', { prompt, count })
const lookUp = (id: string) => read<Image2Job>(`/gptimage2.ai/api/generate/${id}`)

it('knows a running job, what it cost, and what was submitted', async () => {
  const { jobId, balance } = await makeJob('A cat [[delay=60]]', 3)
  await submit('/gptimage2.ai/api/generate', { prompt: 'Refused [[submit=500]]' })
  await restart()
  expect(await lookUp(jobId)).toMatchObject({ status: 'running', balance })
  const submissions = await read<Array<{ jobId: string | null }>>('/_sandbox/submissions')
  expect(submissions.map((record) => record.jobId)).toEqual([jobId, null])
})

it('draws the same pictures again', async () => {
  const { jobId } = await makeJob('A cat [[delay=0]]', 2)
  const urls = (await lookUp(jobId)).results.map(({ imageUrl }) => imageUrl)
  const before = await Promise.all(urls.map(bytesAt))
  await restart()
  expect((await lookUp(jobId)).results.map(({ imageUrl }) => imageUrl)).toEqual(urls)
  expect(await Promise.all(urls.map(bytesAt))).toEqual(before)
})

it('gives a refund once', async () => {
  const before = (await makeJob('A cat [[delay=60]]')).balance.paidCredits
  const { jobId } = await makeJob('A cat [[delay=0 finish=fail]]')
  expect((await lookUp(jobId)).balance.paidCredits).toBe(before)
  await restart()
  expect((await lookUp(jobId)).balance.paidCredits).toBe(before)
})

it('strikes no more often than it was asked to', async () => {
  const { jobId } = await makeJob('A cat [[delay=0 poll=500 times=1]]')
  expect((await get(`/gptimage2.ai/api/generate/${jobId}`)).status).toBe(500)
  await restart()
  expect((await lookUp(jobId)).status).toBe('succeeded')
})

it('passes over a line that was cut off, and writes on', async () => {
  const first = await makeJob('A cat [[delay=60]]')
  await kill()
  await appendFile(jobsFile, '{"job":{"id":"ha')
  await start('0')
  const second = await makeJob('A dog [[delay=60]]')
  await restart()
  for (const { jobId } of [first, second]) expect((await lookUp(jobId)).status).toBe('running')
})

it('makes the callbacks that it owes, and none twice', async () => {
  const told: string[] = []
  const receiver = await listen((body) => told.push(body))
  const { port } = receiver.address() as AddressInfo
  const order = (prompt: string) => ({
    model: 'gpt-image-2',
    callback_url: `http://127.0.0.1:${port}/`,
    input: { prompt },
  })
  const path = '/aivideoapi.ai/v1/images/generations'
  await submit(path, order('A cat [[delay=0]]'))
  await expect.poll(() => told.length).toBe(1)
  await expect.poll(() => read('/_sandbox/jobs')).toMatchObject([{ calledBack: true }])
  const { data } = await submit<{ data: { taskId: string } }>(path, order('A dog [[delay=1]]'))
  await restart()
  await expect.poll(() => told.length, { timeout: 5_000 }).toBe(2)
  expect(told[1]).toContain(data.taskId)
  receiver.close()
})

async function listen(hear: (body: string) => void): Promise<Server> {
  const server = createServer(async (request, response) => {
    hear(await text(request))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

it('says in a sentence that its port is taken', async () => {
  const other = spawn(process.execPath, [SCRIPT, new URL(origin).port, jobsFile])
  const [said, [code]] = await Promise.all([text(other.stderr), once(other, 'exit')])
  expect(code).toBe(1)
  expect(said).toMatch(/^Port \d+ is taken; [^\n]*\n$/)
})
