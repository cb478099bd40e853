/**
 * `npm run demo`: one picture through each provider, side by side, then the page in the browser.
 *
 * Needs no provider key: the sandbox plays the providers. With `--once` it ends after the
 * pictures, with exit code 1 if any failed.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Imagegate, type Task } from '../client/index.ts'
import { startSandbox } from '../sandbox/server.ts'
import { PROVIDER_IDS } from '../src/core/request.ts'
import { openInBrowser } from './browser.ts'
import { startGateway } from './gateway.ts'
import { portFrom, preferPort } from './ports.ts'
import { formatTable, Progress } from './terminal.ts'

const USUAL_PORT = 8787
const PROMPT = 'A lighthouse on a cliff at dusk, oil on canvas'
const OUTPUT_FOLDER = 'demo-output'
const WATCH_INTERVAL_MS = 200
const GIVE_UP_MS = 120_000

const isOnce = process.argv.includes('--once')
const data = await mkdtemp(join(tmpdir(), 'imagegate-demo-'))

console.log(`This makes one picture through each provider. A sandbox plays them, so
it needs no key and costs nothing.
`)
const port = await preferPort(portFrom('PORT', USUAL_PORT))
const sandbox = await startSandbox(0)
const gateway = await startGateway(sandbox.origin, data, port)
process.once('SIGINT', () => void stop(0))
process.once('SIGTERM', () => void stop(0))

const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
const { key } = await operator.keys.create({ name: 'demo' })
const client = new Imagegate({ baseUrl: gateway.url, apiKey: key })
console.log(`The gateway listens at ${gateway.url}. One picture from each provider:\n`)
const tasks = await runAll()
await report(tasks)
const exitCode = tasks.every((task) => task.status === 'succeeded') ? 0 : 1
if (isOnce) await stop(exitCode)
else await invite(tasks)

async function runAll(): Promise<Task[]> {
  const progress = new Progress([...PROVIDER_IDS])
  const startedAt = Date.now()
  return Promise.all(
    PROVIDER_IDS.map(async (provider) => {
      let task = await client.tasks.create({ prompt: PROMPT, aspect_ratio: '4:3', provider })
      while (task.completed_at === null && Date.now() - startedAt < GIVE_UP_MS) {
        progress.show(provider, task.attempts.at(-1)?.status ?? task.status)
        await sleep(WATCH_INTERVAL_MS)
        task = await client.tasks.get(task.id)
      }
      progress.show(provider, task.error ? `failed: ${task.error.message}` : task.status)
      return task
    }),
  )
}

async function report(tasks: Task[]): Promise<void> {
  await mkdir(OUTPUT_FOLDER, { recursive: true })
  const finishes = await howTheyFinished()
  const rows = await Promise.all(
    tasks.map(async (task, position) => {
      const provider = PROVIDER_IDS[position] ?? ''
      const seconds = (Date.parse(task.completed_at ?? '') - Date.parse(task.created_at)) / 1000
      const { credits, usd } = task.cost
      const reference = task.attempts.at(-1)?.provider_task_id
      return [
        provider,
        finishes.get(reference ?? '') ?? 'response',
        seconds.toFixed(1),
        String(credits ?? '?'),
        usd === null ? 'price unknown' : `$${usd}`,
        await savePicture(provider, task),
      ]
    }),
  )
  const header = ['provider', 'finished by', 'seconds', 'credits', 'dollars', 'file']
  console.log(`\n${formatTable([header, ...rows])}\n`)
}

/** Job id → how the gateway learned that it was done, as the sandbox saw it. */
async function howTheyFinished(): Promise<Map<string, string>> {
  const response = await fetch(`${sandbox.origin}/_sandbox/jobs`)
  const jobs = (await response.json()) as Array<{ id: string; calledBack: boolean }>
  return new Map(jobs.map((job) => [job.id, job.calledBack ? 'callback' : 'polling']))
}

async function savePicture(provider: string, task: Task): Promise<string> {
  const [output] = task.outputs
  if (!output) return `none (${task.error?.code ?? task.status})`
  const response = await fetch(output.url)
  if (!response.ok) return `none (HTTP ${response.status})`
  const file = join(OUTPUT_FOLDER, `${provider}.png`)
  await writeFile(file, new Uint8Array(await response.arrayBuffer()))
  return relative('.', file)
}

async function invite(tasks: Task[]): Promise<void> {
  const example = tasks.find((task) => task.outputs.length > 0)
  const page = `${gateway.url}/#key=${key}`
  const isOpened = await openInBrowser(page)
  console.log(`The dollars are the sandbox's; your own credits get a price by AIVIDEOAPI_AI_CREDIT_USD and the like.

It goes on serving. ${isOpened ? 'Your browser has just opened the first of these' : 'In a browser'}:

  ${page}   make a picture and watch it
  ${gateway.url}/docs   every operation
  ${example?.outputs[0]?.url ?? gateway.url}   a picture

In another terminal:

  curl ${gateway.url}/v1/tasks -H "Authorization: Bearer ${key}" \\
    -H "Content-Type: application/json" -H "Prefer: wait=60" -d '{"prompt": "A paper boat"}'

Ctrl-C ends it and forgets everything. Next: \`npm run dev\`, which remembers, and the tour in README.md.`)
}

async function stop(code: number): Promise<void> {
  await gateway.close()
  sandbox.close()
  await rm(data, { recursive: true, force: true })
  process.exit(code)
}
