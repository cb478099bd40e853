/**
 * What pictures cost on their way into the bucket: CPU as multiples of a bare Worker that pipes the
 * same bytes into the same bucket, and the memory that they hold. `node bench/outputs.ts`
 *
 * Everything runs on this machine, in alternating rounds; only ratios and sizes mean something.
 */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'

const MIB = 1024 * 1024
const USUAL_BYTES = 2.25 * MIB
const ROUNDS = 7
const PICTURES_A_ROUND = 12
const AT_ONCE = 10
const LARGE_BYTES = 8 * MIB
const FORM_BYTES = 49 * MIB
const END = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]

interface Gateway {
  url: string
  processId: number
  inspectorPort: number
}

function pictureOf(bytes: number): Buffer {
  const picture = randomBytes(bytes)
  picture.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  picture.set(END, bytes - END.length)
  return picture
}

/** `?bytes=…&told=…&as=json`: a picture, with its length or without, or in an answer. */
const pictures = new Map<number, Buffer>()
const upstream = createServer((request, response) => {
  const query = new URL(request.url ?? '', 'http://localhost').searchParams
  const bytes = Number(query.get('bytes'))
  const picture = pictures.get(bytes) ?? pictureOf(bytes)
  pictures.set(bytes, picture)
  const isJson = query.get('as') === 'json'
  const body = isJson
    ? Buffer.from(`{"data":[{"b64_json":"${picture.toString('base64')}"}]}`)
    : picture
  if (query.get('told') !== 'no') response.setHeader('content-length', body.byteLength)
  response.write(body.subarray(0, 1000))
  response.end(body.subarray(1000))
})

async function withWorker<T>(work: (gateway: Gateway) => Promise<T>): Promise<T> {
  const bundled = await build({
    entryPoints: ['bench/workers/outputs.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    conditions: ['workerd', 'worker', 'browser'],
  })
  const before = new Set(childProcesses())
  const inspectorPort = await freePort()
  const { port } = upstream.address() as AddressInfo
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: bundled.outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-10-23',
      r2Buckets: ['OUTPUTS'],
      bindings: { UPSTREAM: `http://127.0.0.1:${port}/` },
      inspectorPort,
    }),
  )
  try {
    const url = (await miniflare.ready).origin
    const processId = childProcesses().find((id) => !before.has(id) && nameOf(id) === 'workerd')
    if (processId === undefined) throw new Error('The runtime did not start.')
    await call(`${url}/idle`)
    return await work({ url, processId, inspectorPort })
  } finally {
    await miniflare.dispose()
  }
}

async function call(url: string, init: RequestInit = {}): Promise<void> {
  const response = await fetch(url, init)
  if (response.status !== 204) throw new Error(`${url} answered ${await response.text()}`)
}

/** CPU of a way into the bucket, as a multiple of piping the same bytes. */
async function cpuMultiple(bytes: number, path: string): Promise<number> {
  return withWorker(async ({ url, processId }) => {
    const cpuOf = async (address: string) => {
      const before = cpuMs(processId)
      for (let count = 0; count < PICTURES_A_ROUND; count++) await call(url + address)
      return (cpuMs(processId) - before) / PICTURES_A_ROUND
    }
    const multiples: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const bare = await cpuOf(`/pipe?bytes=${bytes}`)
      const own = await cpuOf(path)
      if (round > 0) multiples.push(own / bare)
    }
    return median(multiples)
  })
}

/** MiB that an isolate holds at most while it does the work, beyond what it holds idle. */
async function liveMib(work: (url: string) => Promise<unknown>): Promise<number> {
  return withWorker(async ({ url, inspectorPort }) => {
    const heap = await openHeap(url, inspectorPort)
    const before = await heap.liveBytes()
    let most = before
    const ended = work(url).then(() => 'ended' as const)
    while ((await Promise.race([ended, sleep(20, 'running' as const)])) === 'running') {
      most = Math.max(most, await heap.liveBytes())
    }
    heap.close()
    return (most - before) / MIB
  })
}

/** MiB that the process holds at most while it takes the body. */
async function peakMib(path: string, body: Blob | FormData): Promise<number> {
  return withWorker(async ({ url, processId }) => {
    const before = memoryBytes(processId, 'VmRSS')
    writeFileSync(`/proc/${processId}/clear_refs`, '5')
    await call(url + path, { method: 'POST', body })
    return (memoryBytes(processId, 'VmHWM') - before) / MIB
  })
}

interface HeapAnswer {
  id: number
  result: { usedSize?: number; backingStorageSize?: number }
}

/** The live memory of the Worker's isolate, asked of its inspector. */
async function openHeap(url: string, inspectorPort: number) {
  const listed = await fetch(`http://127.0.0.1:${inspectorPort}/json`)
  const targets = (await listed.json()) as Array<{ id: string; webSocketDebuggerUrl: string }>
  const target = targets.find(({ id }) => id.startsWith('core:user:'))
  if (!target) throw new Error('The inspector does not know the Worker.')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  let calls = 0
  const ask = (method: string) => {
    const id = ++calls
    return new Promise<HeapAnswer['result']>((resolve) => {
      socket.addEventListener('message', function listen({ data }) {
        const answer = JSON.parse(String(data)) as HeapAnswer
        if (answer.id !== id) return
        socket.removeEventListener('message', listen)
        resolve(answer.result)
      })
      socket.send(JSON.stringify({ id, method }))
    })
  }
  await ask('HeapProfiler.enable')
  const liveBytes = async () => {
    const collected = ask('HeapProfiler.collectGarbage')
    // It is collected when the isolate next has something to do.
    await call(`${url}/idle`)
    await collected
    const { usedSize = 0, backingStorageSize = 0 } = await ask('Runtime.getHeapUsage')
    return usedSize + backingStorageSize
  }
  return { liveBytes, close: () => socket.close() }
}

function childProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => statOf(id)?.parent === process.pid)
}

function nameOf(processId: number): string {
  return readFileSync(`/proc/${processId}/comm`, 'utf8').trim()
}

/** Milliseconds of CPU; the clock of `/proc` ticks every ten. */
function cpuMs(processId: number): number {
  return (statOf(processId)?.ticks ?? 0) * 10
}

function statOf(processId: number): { parent: number; ticks: number } | null {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
    // The name stands in parentheses and may hold spaces; the state follows.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return null
  }
}

function memoryBytes(processId: number, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024
}

async function freePort(): Promise<number> {
  const server = createSocketServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN
}

function say(what: string, figure: number, unit: string, goal: string): void {
  console.log(`${what}: ${figure.toFixed(2)} ${unit} (goal ${goal})`)
}

function formOf(picture: Blob): FormData {
  const form = new FormData()
  form.append('file', picture, 'picture.png')
  return form
}

const atOnce = (address: string) => (url: string) =>
  Promise.all(Array.from({ length: AT_ONCE }, () => call(url + address)))

await new Promise((resolve) => upstream.listen(0, '127.0.0.1', () => resolve(undefined)))

const told = `bytes=${USUAL_BYTES}`
say('CPU of a picture of 2.25 MB', await cpuMultiple(USUAL_BYTES, `/store?${told}`), 'x', '1.5')
say('… without a length', await cpuMultiple(USUAL_BYTES, `/store?${told}&told=no`), 'x', 'none')
say('… inside an answer', await cpuMultiple(USUAL_BYTES, `/answer?${told}&as=json`), 'x', 'none')

const large = `bytes=${LARGE_BYTES}`
const unknown = await liveMib(atOnce(`/store?${large}&told=no`))
say('live memory of 10 pictures of 8 MiB without a length', unknown, 'MiB', '40')
const known = await liveMib(atOnce(`/store?${large}`))
say('… with a length', known, 'MiB', '40')
const answers = await liveMib(atOnce(`/answer?${large}&as=json`))
say('… inside answers', answers, 'MiB', '40')
const huge = await liveMib((url) => call(`${url}/answer?bytes=${50 * MIB}&as=json&told=no`))
say('live memory of an answer with a picture of 50 MiB', huge, 'MiB', '40')

const picture = new Blob([new Uint8Array(pictureOf(FORM_BYTES))], { type: 'image/png' })
const send = (path: string, body: Blob | FormData) => (url: string) =>
  call(url + path, { method: 'POST', body })
const rawLive = await liveMib(send('/upload', picture))
const formLive = await liveMib(send('/form', formOf(picture)))
say('live memory of 49 MiB as a form, beyond raw', formLive - rawLive, 'MiB', '8')
const more: number[] = []
for (let round = 0; round < 3; round++) {
  const raw = await peakMib('/upload', picture)
  more.push((await peakMib('/form', formOf(picture))) - raw)
}
say('… of the whole process, the local bucket in it', median(more), 'MiB', 'none')

upstream.close()
