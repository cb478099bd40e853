/**
 * `npm run build:assets`: the pages that the Worker serves as static assets, gathered in `dist/assets`.
 *
 * `assets/` is copied as it is; the viewer of `/docs` comes from its package.
 */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import scalar from '@scalar/fastify-api-reference'

const ROOT = join(import.meta.dirname, '..')
/** Named in `wrangler.toml` too. */
export const ASSETS_FOLDER = join(ROOT, 'dist/assets')

export async function buildAssets(): Promise<void> {
  const source = join(ROOT, 'assets')
  for (const name of await readdir(source, { recursive: true })) {
    if ((await stat(join(source, name))).isFile())
      await put(name, await readFile(join(source, name)))
  }
  await put('docs/scalar.js', Buffer.from(await viewerScript()))
}

/** Only what differs is written: several test runners may build at once. */
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
