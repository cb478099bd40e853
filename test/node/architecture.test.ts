/**
 * The house rules, read from the imports: layers point down, one door writes a task.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

interface SourceFile {
  path: string
  text: string
  /** Paths below `src/` without ending, or package names. */
  imports: Array<{ from: string; names: string }>
}

const files = readSources('src')

/** A layer may import the layers in its list and itself; providers, db and outputs never each other. */
const LAYERS: Record<string, readonly string[]> = {
  core: [],
  wire: ['core'],
  providers: ['core'],
  db: ['core'],
  outputs: ['core'],
  settings: ['core', 'providers'],
  flow: ['core', 'wire', 'providers', 'db', 'outputs', 'settings'],
  platform: ['flow', 'db', 'settings'],
  runner: ['core', 'flow', 'platform', 'settings'],
  handlers: ['core', 'wire', 'providers', 'db', 'outputs', 'settings', 'flow'],
  app: ['handlers', 'flow', 'platform', 'settings'],
  index: ['app', 'handlers', 'platform', 'runner', 'settings'],
}

/** The verbs that write a task, each with the one file that may use it. */
const WRITERS: Record<string, string> = {
  insertTask: 'flow/accept.ts',
  saveTransition: 'flow/known-task.ts',
  claimDueTasks: 'flow/sweep.ts',
  decide: 'flow/known-task.ts',
}

/** What reads and authenticates a request; its errors follow from access, query and body. */
const READERS = /^handlers\/(endpoint\/|auth\.ts)/

const layerOf = (path: string) => path.replace(/\.ts$/, '').split('/')[0] ?? ''

describe.each(files)('$path', ({ path, text, imports }) => {
  it('imports only layers below its own', () => {
    const allowed = [layerOf(path), ...(LAYERS[layerOf(path)] ?? [])]
    const local = imports
      .filter(({ from }) => from.startsWith('./'))
      .map(({ from }) => layerOf(from.slice(2)))
    expect(allowed).toEqual(expect.arrayContaining(local))
  })

  it('writes no task unless it is the one that may', () => {
    const used = imports.flatMap(({ names }) => names.split(/[\s,{}]+/))
    for (const [verb, owner] of Object.entries(WRITERS)) {
      if (path !== owner) expect(used).not.toContain(verb)
    }
  })

  it('leaves the database to db/', () => {
    if (layerOf(path) === 'db') return
    const packages = imports.map(({ from }) => from)
    expect(packages.filter((name) => name.startsWith('drizzle-orm'))).toEqual([])
    expect(packages).not.toContain('./db/schema')
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

function readSources(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8')
      return { path, text, imports: readImports(path, text) }
    })
}

function readImports(path: string, text: string): SourceFile['imports'] {
  const pattern = /^(?:import|export)\s+(?:type\s+)?([^'"]*?)\s*from\s+'([^']+)'/gm
  return [...text.matchAll(pattern)].map(([, names = '', from = '']) => ({
    names,
    from: from.startsWith('.') ? `./${normalize(join(dirname(path), from))}` : from,
  }))
}
