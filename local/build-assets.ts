/**
 * `npm run build:assets`: the pages that the Worker serves as static assets, gathered in `dist/assets`.
 *
 * The studio is built by Vite. `assets/` is copied as it is; the viewer of `/docs` comes from its package;
 * the texts for models are written from the reference.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import scalar from '@scalar/fastify-api-reference'
import { writeLlmsTexts } from './llms.ts'

const ROOT = join(import.meta.dirname, '..')
/** Named in `wrangler.toml` too. */
export const ASSETS_FOLDER = join(ROOT, 'dist/assets')

/** What the pages are made from, and by. */
const SOURCES = ['assets', 'client', 'docs', 'local', 'src', 'studio', 'package.json']
/** As old as the newest source was when all was built. */
const STAMP = join(ROOT, 'dist/assets-built')

/** Does nothing where nothing has changed since the last time. */
export async function buildAssets(): Promise<void> {
  const newest = await newestChange()
  const built = await stat(STAMP).catch(() => null)
  if (built && built.mtimeMs >= newest.getTime()) return
  await putStudio()
  await putAll(join(ROOT, 'assets'))
  await put('docs/scalar.js', Buffer.from(await viewerScript()))
  for (const [name, text] of Object.entries(await writeLlmsTexts()))
    await put(name, Buffer.from(text))
  await writeFile(STAMP, '')
  await utimes(STAMP, newest, newest)
}

async function newestChange(): Promise<Date> {
  let newest = new Date(0)
  for (const source of SOURCES) {
    const folder = join(ROOT, source)
    const names = source.includes('.') ? [''] : await readdir(folder, { recursive: true })
    // What is built of the client is no source, and may vanish at any time.
    for (const name of names.filter((path) => !path.startsWith('dist'))) {
      const { mtime } = await stat(join(folder, name))
      if (mtime > newest) newest = mtime
    }
  }
  return newest
}

/** Built in a process of its own: where tests run Vite would take this for a test, and build another page. */
async function putStudio(): Promise<void> {
  const built = await mkdtemp(join(tmpdir(), 'imagegate-studio-'))
  try {
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
    const options = ['--config', 'studio/vite.config.ts', '--outDir', built, '--logLevel', 'warn']
    const env = { ...process.env, NODE_ENV: 'production' }
    await promisify(execFile)(process.execPath, [vite, 'build', ...options], { cwd: ROOT, env })
    await putAll(built)
  } finally {
    await rm(built, { recursive: true })
  }
}

async function putAll(source: string): Promise<void> {
  for (const name of await readdir(source, { recursive: true })) {
    if ((await stat(join(source, name))).isFile())
      await put(name, await readFile(join(source, name)))
  }
}

/**
 * Only what differs is written: several test runners may build at once. Older files of the studio stay,
 * for whoever has its page open may still ask for them.
 */
async function put(name: string, bytes: Buffer): Promise<void> {
  const path = join(ASSETS_FOLDER, name)
  const present = await readFile(path).catch(() => null)
  if (present?.equals(bytes)) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

interface Reply {
  header(): Reply
  send(text: string): string
}

interface Route {
  url: string
  handler(request: null, reply: Reply): string
}

/**
 * The viewer in one file. Its maker publishes it inside a plugin that serves it as a route, and with
 * 270 packages of sources; so the plugin is asked for that route.
 */
async function viewerScript(): Promise<string> {
  const routes: Route[] = []
  const server = {
    initialConfig: { ignoreTrailingSlash: true },
    route: (route: Route) => routes.push(route),
  }
  const configuration = { url: '/openapi.json' }
  await new Promise((resolve) => scalar(server, { routePrefix: '/docs', configuration }, resolve))
  const script = routes.find(({ url }) => url.endsWith('.js'))
  if (!script) throw new Error('The package of the viewer has no script any more.')
  const reply: Reply = { header: () => reply, send: (text) => text }
  return script.handler(null, reply)
}

if (import.meta.main) await buildAssets()
