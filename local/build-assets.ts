/**
 * `npm run build:assets`: the pages that the Worker serves as static assets, gathered in `dist/assets`.
 *
 * The studio is built by Vite. `assets/` is copied as it is; the viewer of `/docs` comes from its package.
 */
import { execFile } from 'node:child_process'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import scalar from '@scalar/fastify-api-reference'

const ROOT = join(import.meta.dirname, '..')
/** Named in `wrangler.toml` too. */
export const ASSETS_FOLDER = join(ROOT, 'dist/assets')

export async function buildAssets(): Promise<void> {
  await buildStudio()
  await cp(join(ROOT, 'assets'), ASSETS_FOLDER, { recursive: true })
  await writeFile(join(ASSETS_FOLDER, 'docs/scalar.js'), await viewerScript())
}

/** In a process of its own: where tests run Vite would take this for a test, and build another page. */
async function buildStudio(): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', '--config', 'studio/vite.config.ts', '--logLevel', 'warn']
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env })
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
