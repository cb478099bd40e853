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

const HERE = resolve(import.meta.dirname, '..')
const ROOT = resolve(HERE, '../..')

/** One exchange in a source file, to see whether anybody notices. */
export interface Exchange {
  /** From the root of the project. */
  file: string
  from: string
  to: string
}

export interface Simulation {
  module: typeof import('./entry')
  migrations: string[]
}

export async function loadSimulation(exchange: Exchange | null = null): Promise<Simulation> {
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
      plugins: [platform, exchanging(exchange)],
      logLevel: 'error',
    })
    const module: typeof import('./entry') = await import(pathToFileURL(outfile).href)
    return { module, migrations: await readMigrations(exchange) }
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

function exchanging(exchange: Exchange | null): Plugin {
  return {
    name: 'exchanging',
    setup({ onLoad }) {
      if (!exchange?.file.startsWith('src/')) return
      onLoad({ filter: /\.ts$/ }, async ({ path }) =>
        path === join(ROOT, exchange.file)
          ? { loader: 'ts', contents: await readExchanged(exchange) }
          : undefined,
      )
    },
  }
}

/**
 * The text of the exchange's file with the exchange made.
 *
 * @throws when the text is not there exactly once: the guard has moved.
 */
export async function readExchanged(exchange: Exchange): Promise<string> {
  return exchanged(await readFile(join(ROOT, exchange.file), 'utf8'), exchange)
}

function exchanged(text: string, { file, from, to }: Exchange): string {
  const [before, after, ...more] = text.split(from)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not have this text exactly once: ${from}`)
  }
  return before + to + after
}

async function readMigrations(exchange: Exchange | null): Promise<string[]> {
  const names = (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.sql'))
  return Promise.all(
    names.sort().map(async (name) => {
      const text = await readFile(join(ROOT, 'migrations', name), 'utf8')
      return exchange?.file === `migrations/${name}` ? exchanged(text, exchange) : text
    }),
  )
}
