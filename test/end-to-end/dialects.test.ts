/**
 * Programs written for other APIs, run as they are: address and key are replaced as docs/migrating.md
 * says, and the picture comes from another provider. Every sample of that page is run, too.
 */
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DIALECTS, POLLS, SAMPLES, type Sample } from './dialect-samples.ts'
import { startWorld, type World } from './world.ts'

const run = promisify(execFile)
const COMMANDS = {
  sh: ['bash', '-euo', 'pipefail', '-c'],
  node: [process.execPath, '--input-type=module', '-e'],
  python: ['python3', '-c'],
} as const
const POLLS_MAX = 60
const GUIDE = readFileSync('docs/migrating.md', 'utf8')

let world: World
beforeAll(async () => {
  world = await startWorld(0.5)
  // Where the samples find what they import.
  await symlink(resolve('node_modules'), join(world.folder, 'node_modules'))
}, 60_000)

afterAll(() => world.stop())

const hasRequests = succeeds('python3', ['-c', 'import requests'])
const hasOpenAi = succeeds('python3', ['-c', 'import openai'])

function succeeds(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The code of the guide's section about an API. */
function blocksOf(section: string): Array<{ language: string; source: string }> {
  const [text = ''] = GUIDE.split(`\n## ${section}\n`)[1]?.split('\n## ') ?? []
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', source = '']) => ({
    language,
    source,
  }))
}

function sourcesOf(section: string, wanted: string): string[] {
  return blocksOf(section).flatMap(({ language, source }) => (language === wanted ? source : []))
}

/** With what the guide says in the place of the provider, which by the prompt refuses in the sandbox. */
function moved({ dialect, source }: Pick<Sample, 'dialect' | 'source'>): string {
  const [change = ''] = sourcesOf(dialect, 'diff')
  const pairs = [...change.matchAll(/^- (?:.* )?(\S+)\n\+ (?:.* )?(\S+)$/gm)]
  expect(pairs).toHaveLength(2)
  const refusal = `[[${dialect} submit=${dialect === 'aivideoapi.ai' ? 503 : 402}]]`
  return pairs
    .reduce((text, [, before = '', after = '']) => text.replaceAll(before, () => after), source)
    .replaceAll('$GATEWAY', world.gateway.url)
    .replaceAll('$KEY', world.key.key)
    .replace(/(["']?prompt["']?:\s*["'])/, `$1${refusal} `)
}

async function output({ language, ...sample }: Sample): Promise<string> {
  const [command, ...args] = COMMANDS[language]
  const env = { ...process.env, GPTIMAGE2_API_KEY: world.key.key }
  return (await run(command, [...args, moved(sample)], { env })).stdout
}

/** What the program wrote that has the picture's address, after asking for it if need be. */
async function pictureUrl(sample: Sample): Promise<string> {
  const said = await output(sample)
  const id = /"(?:taskId|jobId)":"([^"]+)"/.exec(said)?.[1]
  const poll = POLLS[sample.dialect]
  for (let polls = 0; polls < POLLS_MAX; polls++) {
    const source = poll?.replace('{id}', id ?? '')
    const now = id && source ? await output({ ...sample, language: 'sh', source }) : said
    const url = /https?:\/\/[^\s"']+\/outputs\/0\?[^\s"']+/.exec(now)?.[0]
    if (url) return url
    if (!id || /fail/.test(now)) throw new Error(now)
    await sleep(1000)
  }
  throw new Error(`No picture came: ${said}`)
}

async function expectServedByAnother({ dialect }: Sample, url: string): Promise<void> {
  const picture = await fetch(url)
  expect(picture.headers.get('content-type')).toBe('image/png')
  await picture.bytes()
  const task = await world.client.tasks.get(/tasks\/([^/]+)\//.exec(url)?.[1] ?? '')
  expect(task.status).toBe('succeeded')
  expect(task.provider).not.toBe(dialect)
}

describe('a program for', () => {
  it.for(SAMPLES)('$dialect in $language: $shows', async (sample, { skip }) => {
    skip(sample.language === 'python' && !hasRequests, 'Python has no package "requests"')
    await expectServedByAnother(sample, await pictureUrl(sample))
  })
})

describe('the sample in docs/migrating.md for', () => {
  it.each(DIALECTS)('%s', async (dialect) => {
    const [source = ''] = sourcesOf(dialect, 'sh')
    expect(source).toContain(`$GATEWAY/compat/${dialect}/`)
    const sample: Sample = { dialect, shows: 'a move', language: 'sh', source }
    await expectServedByAnother(sample, await pictureUrl(sample))
  })

  it.each(sourcesOf('OpenAI', 'js'))('OpenAI in JavaScript', async (source) => {
    await expectBoat(process.execPath, 'boat.mjs', source)
  })

  it.each(sourcesOf('OpenAI', 'python'))('OpenAI in Python', async (source) => {
    // Where it can't be run, it says the same at least as what is run.
    for (const other of sourcesOf('OpenAI', 'js'))
      expect(meaningOf(source)).toEqual(meaningOf(other))
    if (hasOpenAi) await expectBoat('python3', 'boat.py', source)
  })
})

it('leaves out no sample of the guide', () => {
  const kinds = ['OpenAI', ...DIALECTS].map((section) =>
    blocksOf(section).map(({ language }) => language),
  )
  expect(kinds).toEqual([['js', 'python', 'js'], ...DIALECTS.map(() => ['diff', 'sh'])])
  expect(GUIDE.match(/^```\w+$/gm)).toHaveLength(kinds.flat().length)
})

/** Its `boat.png` is the picture that the gateway made last. */
async function expectBoat(program: string, name: string, source: string): Promise<void> {
  const cwd = await mkdtemp(join(world.folder, 'sample-'))
  await writeFile(join(cwd, name), source)
  const env = { ...process.env, GATEWAY: world.gateway.url, KEY: world.key.key }
  await run(program, [name], { cwd, env })
  const { data } = await world.client.tasks.list({ limit: 1 })
  const boat = await readFile(join(cwd, 'boat.png'))
  expect(createHash('sha256').update(boat).digest('hex')).toBe(data[0]?.outputs[0]?.sha256)
}

/** Where it asks, with which key, and for what, in either language. */
function meaningOf(source: string): string[] {
  const parts = [
    /\{GATEWAY\}(\/[\w/]+)/,
    /api_?key[=:] ?(\w+)/i,
    /["'](gpt-image[\w-]+)["']/,
    /prompt[=:] ?["'](.+?)["']/,
    /size[=:] ?["'](.+?)["']/,
  ]
  return parts.map((part) => part.exec(source)?.[1] ?? expect.fail(`There is no ${part}`))
}
