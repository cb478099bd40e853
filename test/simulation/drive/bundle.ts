/**
 * Builds the gateway, the sandbox and the simulated world into one module for Node.
 *
 * The globals of the Workers runtime are exchanged here, in the text, so that the process around
 * it keeps its own.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { Guard } from './guard.ts'
import { readSwitchedOff, withoutIndex } from './switch-off.ts'

const HERE = resolve(import.meta.dirname, '..')
const ROOT = resolve(HERE, '../..')

export interface Simulation {
  module: typeof import('./entry')
  migrations: string[]
}

/** @param guard is switched off */
export async function loadSimulation(guard?: Guard): Promise<Simulation> {
  const folder = await mkdtemp(join(tmpdir(), 'imagegate-simulation-'))
  const outfile = join(folder, 'simulation.mjs')
  try {
    await build({
      entryPoints: [join(HERE, 'drive/entry.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      sourcemap: 'inline',
      inject: [join(HERE, 'platform/globals.ts')],
      define: { 'Date.now': 'simulatedNow', 'Math.random': 'simulatedRandom' },
      plugins: [platform, switchingOff(guard)],
      logLevel: 'error',
    })
    const module: typeof import('./entry') = await import(pathToFileURL(outfile).href)
    return { module, migrations: await readMigrations(guard) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const platform: Plugin = {
  name: 'platform',
  setup({ onResolve }) {
    onResolve({ filter: /^cloudflare:workers$/ }, () => ({
      path: join(HERE, 'platform/durable-object.ts'),
    }))
    onResolve({ filter: /^uuidv7$/ }, ({ importer }) =>
      importer.startsWith(join(ROOT, 'src'))
        ? { path: join(HERE, 'platform/identifiers.ts') }
        : undefined,
    )
  },
}

function switchingOff(guard?: Guard): Plugin {
  return {
    name: 'switching off',
    setup({ onLoad }) {
      if (!guard || !('file' in guard)) return
      onLoad({ filter: /\.ts$/ }, async ({ path }) =>
        path === join(ROOT, guard.file)
          ? { loader: 'js', contents: await readSwitchedOff(guard) }
          : undefined,
      )
    },
  }
}

async function readMigrations(guard?: Guard): Promise<string[]> {
  const names = (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.sql'))
  const migrations = await Promise.all(
    names.sort().map((name) => readFile(join(ROOT, 'migrations', name), 'utf8')),
  )
  return guard && 'index' in guard ? withoutIndex(migrations, guard.index) : migrations
}
