/**
 * The gateway on a port of this machine, with its cron ticking: the built Worker in Miniflare,
 * migrations applied, the sandbox as its providers.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_readConfig } from 'wrangler'
import { PROVIDER_IDS, settingPrefix } from '../src/core/request.ts'
import { ASSETS_FOLDER, buildAssets } from './build-assets.ts'
import { narrate } from './narration.ts'
import { leaveNoOrphans } from './no-orphans.ts'
import { freePort } from './ports.ts'

const ROOT = join(import.meta.dirname, '..')
/** Secrets of a gateway that only this machine can reach. */
export const ADMIN_TOKEN = 'local-admin-token-not-for-production'
const SIGNING_SECRET = 'local-signing-secret-not-for-production'
const SANDBOX_KEY = 'sk-sandbox'
/** The sandbox's credits, so that spend limits and `max_usd` leave no provider out. */
const SANDBOX_CREDIT_USD = '0.005'

export interface LocalGateway {
  /** Such as `http://127.0.0.1:8787`. */
  url: string
  adminToken: string
  close(): Promise<void>
}

/**
 * Starts the gateway with its data under `dataFolder`; port 0 takes any free one.
 *
 * @throws Error when the port is taken.
 */
export async function startGateway(
  sandboxOrigin: string,
  dataFolder: string,
  wantedPort: number,
  tell: (line: string, level: string) => void = tellTrouble,
): Promise<LocalGateway> {
  leaveNoOrphans()
  const port = await freePort(wantedPort)
  if (port === null) throw new Error(`Port ${wantedPort} is taken.`)
  const url = `http://127.0.0.1:${port}`
  if (!existsSync(ASSETS_FOLDER)) await buildAssets()
  const config = unstable_readConfig({ config: join(ROOT, 'wrangler.toml') })
  await mkdir(dataFolder, { recursive: true })
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port,
      modules: true,
      script: await bundleWorker(),
      compatibilityDate: config.compatibility_date ?? '',
      compatibilityFlags: config.compatibility_flags,
      assets: {
        directory: ASSETS_FOLDER,
        run_worker_first: config.assets?.run_worker_first,
        routerConfig: { has_user_worker: true },
      },
      d1Databases: ['DB'],
      r2Buckets: ['OUTPUTS'],
      images: { binding: 'IMAGES' },
      durableObjects: { RUNNER: { className: 'TaskRunner', useSQLite: true } },
      resourcePersistencePath: dataFolder,
      bindings: bindings(url, sandboxOrigin),
      handleStructuredLogs: ({ level, message }) => {
        const line = narrate(level, message)
        if (line !== null) tell(line, level)
      },
    }),
  )
  await miniflare.ready
  await migrate(await miniflare.getD1Database('DB'))
  const ticking = tick(miniflare)
  const close = async () => {
    ticking.stop()
    await miniflare.dispose()
  }
  return { url, adminToken: ADMIN_TOKEN, close }
}

function tellTrouble(line: string, level: string): void {
  if (level === 'error' || level === 'warn') console.error(line)
}

/**
 * The Worker as one module, as it is deployed but for the names of things.
 *
 * @param entry a Worker's first file, below the project's root
 */
export async function bundleWorker(entry = 'src/index.ts'): Promise<string> {
  const result = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
  })
  return result.outputFiles[0]?.text ?? ''
}

/** Settings of a gateway whose providers are the sandbox's. */
export function bindings(publicUrl: string, sandboxOrigin: string): Record<string, string> {
  const providers = PROVIDER_IDS.flatMap((id) => {
    const prefix = settingPrefix(id)
    return [
      [`${prefix}_API_KEY`, SANDBOX_KEY],
      [`${prefix}_BASE_URL`, `${sandboxOrigin}/${id}`],
      [`${prefix}_CREDIT_USD`, SANDBOX_CREDIT_USD],
    ]
  })
  return {
    PUBLIC_URL: publicUrl,
    ADMIN_TOKEN,
    SIGNING_SECRET,
    PRIVATE_HOSTS: '127.0.0.1,localhost',
    ...Object.fromEntries(providers),
  }
}

type LocalDatabase = Awaited<ReturnType<Miniflare['getD1Database']>>

/** Applies the migrations that this database has not seen. */
export async function migrate(database: LocalDatabase): Promise<void> {
  await database.exec('create table if not exists d1_migrations (name text primary key)')
  const { results } = await database.prepare('select name from d1_migrations').all()
  const applied = new Set(results.map((row) => row.name))
  const folder = join(ROOT, 'migrations')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  for (const name of files.filter((file) => !applied.has(file))) {
    const text = await readFile(join(folder, name), 'utf8')
    const statements = text.split('--> statement-breakpoint').map((sql) => database.prepare(sql))
    const done = database.prepare('insert into d1_migrations (name) values (?)').bind(name)
    await database.batch([...statements, done])
  }
}

/** Crons never fire by themselves locally: run after run, as the platform does every minute. */
export function tick(miniflare: Miniflare): { stop(): void } {
  let isStopped = false
  const run = async () => {
    const worker = await miniflare.getWorker()
    while (!isStopped) await worker.scheduled({ cron: '* * * * *' })
  }
  run().catch((error: unknown) => {
    if (!isStopped) console.error('The cron stopped:', error)
  })
  return {
    stop: () => {
      isStopped = true
    },
  }
}
