/**
 * The house rules, read from the imports: layers point down, no circles, one door writes a task.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface SourceFile {
  /** From the root of the project. */
  path: string
  text: string
  imports: Import[]
}

interface Import {
  /** A file of ours from the root of the project, or the name of a package. */
  from: string
  /** What it is called where it comes from; types, and what only a type needs, are left out. */
  values: string[]
}

/** A layer may import the layers in its list and itself; providers, db and outputs never each other. */
const LAYERS: Record<string, readonly string[]> = {
  core: [],
  wire: ['core'],
  providers: ['core'],
  db: ['core'],
  outputs: ['core'],
  settings: ['core', 'providers'],
  flow: ['core', 'wire', 'providers', 'db', 'outputs', 'settings'],
  'public-url': ['core', 'db', 'settings'],
  'content-encoding': [],
  platform: ['content-encoding', 'flow', 'db', 'settings'],
  runner: ['core', 'flow', 'platform', 'settings', 'public-url'],
  handlers: ['core', 'wire', 'providers', 'db', 'outputs', 'settings', 'flow'],
  app: ['handlers', 'flow', 'platform', 'settings', 'public-url'],
  index: ['app', 'handlers', 'platform', 'runner', 'settings', 'public-url'],
}

/** The verbs that write a task, each with the one file that may use it. */
const WRITERS: Record<string, string> = {
  insertTask: 'src/flow/accept.ts',
  saveTransition: 'src/flow/known-task.ts',
  claimDueTasks: 'src/flow/sweep.ts',
  decide: 'src/flow/known-task.ts',
}

/** What handlers may take of db/: what reads, and what writes the operator's keys, which no flow is about. */
const OPEN_TO_HANDLERS = [
  ...['loadTask', 'listTasks', 'listDeliveries', 'sumUsage', 'USAGE_GROUPS', 'WINDOW_MS'],
  ...['findKeyByHash', 'listKeys', 'webhookSecretsOf'],
  ...['insertKey', 'revokeKey', 'rotateKey', 'rotateWebhookSecret', 'touchKey', 'updateKey'],
]

/** The verbs of flow/ settle and wake; who only translates needs neither. */
const CLOSED_TO_HANDLERS = ['src/flow/settle.ts', 'src/flow/wake.ts']

/**
 * What reads and authenticates a request, whose errors follow from access, query and body; and what
 * speaks MCP, whose errors of the protocol are thrown.
 */
const READERS = /^src\/handlers\/(endpoint\/|auth\.ts|mcp\/[\w-]+\.ts)/

const files = readSources('src')
const layerOf = (path: string) => path.split('/')[1]?.replace(/\.ts$/, '') ?? ''

describe.each(files)('$path', ({ path, text, imports }) => {
  it('imports only layers below its own', () => {
    const allowed = [layerOf(path), ...(LAYERS[layerOf(path)] ?? [])]
    const local = imports.filter(({ from }) => from.startsWith('src/'))
    expect(allowed).toEqual(expect.arrayContaining(local.map(({ from }) => layerOf(from))))
  })

  it('writes no task unless it is the one that may', () => {
    const used = imports.flatMap(({ values }) => values)
    for (const [verb, owner] of Object.entries(WRITERS)) {
      if (path !== owner) expect(used).not.toContain(verb)
    }
  })

  it('leaves the database to db/', () => {
    if (layerOf(path) === 'db') return
    const packages = imports.map(({ from }) => from)
    expect(packages.filter((name) => name.startsWith('drizzle-orm'))).toEqual([])
    expect(packages).not.toContain('src/db/schema.ts')
  })

  it('leaves what happens to a task to flow/', () => {
    if (layerOf(path) !== 'handlers') return
    for (const { from, values } of imports) {
      expect(CLOSED_TO_HANDLERS).not.toContain(from)
      if (layerOf(from) === 'db')
        expect(values.filter((name) => !OPEN_TO_HANDLERS.includes(name))).toEqual([])
    }
  })

  it('gives an error back instead of throwing it, where a description says which are possible', () => {
    const isHandler = layerOf(path) === 'handlers' && !READERS.test(path)
    if (isHandler) expect(text).not.toMatch(/\bthrow\b/)
  })

  it('says in its first lines what it is for', () => {
    expect(text).toMatch(/^\/\*\*/)
  })

  it('keeps core pure', () => {
    if (layerOf(path) !== 'core') return
    expect(text).not.toMatch(/\bDate\.now\(|\bnew Date\(\)|Math\.random|\bfetch\(|console\./)
  })
})

it('knows every layer', () => {
  expect(Object.keys(LAYERS)).toEqual(
    expect.arrayContaining(files.map(({ path }) => layerOf(path))),
  )
})

it.each(['src', 'test', 'sandbox', 'client', 'local'])('has no circle in %s', (folder) => {
  expect(circleIn(readSources(folder))).toBe('')
})

it('finds a circle, also one of types', () => {
  const file = (path: string, ...from: string[]) => ({
    path,
    text: '',
    imports: from.map((name) => ({ from: name, values: [] })),
  })
  const files = [file('a', 'b'), file('b', 'c', 'd'), file('c'), file('d', 'e'), file('e', 'b')]
  expect(circleIn(files)).toBe('b → d → e → b')
})

/** The first circle of imports that is met, in words; empty where there is none. */
function circleIn(sources: readonly SourceFile[]): string {
  const byPath = new Map(sources.map((file) => [file.path, file]))
  const done = new Set<string>()
  const follow = (path: string, way: readonly string[]): string => {
    const start = way.indexOf(path)
    if (start >= 0) return [...way.slice(start), path].join(' → ')
    const file = byPath.get(path)
    if (!file || done.has(path)) return ''
    for (const { from } of file.imports) {
      const circle = follow(from, [...way, path])
      if (circle !== '') return circle
    }
    done.add(path)
    return ''
  }
  return sources.map(({ path }) => follow(path, [])).find((circle) => circle !== '') ?? ''
}

function readSources(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => {
      const path = join(folder, name)
      const text = readFileSync(path, 'utf8')
      return { path, text, imports: readImports(path, text) }
    })
}

function readImports(path: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+([^'"]*?)\s*\bfrom\s+'([^']+)'/gm)
  const calls = text.matchAll(/\bimport\(\s*'([^']+)'\s*\)|^import '([^']+)'/gm)
  return [
    ...[...statements].map(([, names = '', from = '']) => ({
      from: resolve(path, from),
      values: valuesIn(names),
    })),
    ...[...calls].map(([, call, bare]) => ({
      from: resolve(path, call ?? bare ?? ''),
      values: [],
    })),
  ]
}

/** From `type A, b as c` it is `b`. */
function valuesIn(names: string): string[] {
  if (names.startsWith('type ')) return []
  return names
    .replace(/[{}]/g, ',')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(' as ')[0] ?? name)
}

function resolve(path: string, from: string): string {
  if (!from.startsWith('.')) return from
  const target = join(dirname(path), from)
  const candidates = [target, `${target}.ts`, join(target, 'index.ts')]
  return candidates.find((file) => file.endsWith('.ts') && existsSync(file)) ?? target
}
