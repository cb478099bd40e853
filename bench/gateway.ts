/**
 * A Worker to be measured, on a port of this machine: its bindings are Miniflare's, its providers
 * the bench's upstream. The cron ticks only when told to.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_readConfig } from 'wrangler'
import { Imagegate } from '../client/index.ts'
import { ADMIN_TOKEN, bindings, bundleWorker, migrate, tick } from '../local/gateway.ts'
import { anyPort } from '../local/ports.ts'
import { withFilesOnDisk } from './memory-files.ts'
import { childProcesses } from './process.ts'
import { startUpstream, type Upstream, type Options as UpstreamOptions } from './upstream.ts'
import { between, type ScopedCounts } from './workers/counts.ts'

/** Counts that have not moved in so many looks, so far apart, belong to work that is over. */
const QUIET_LOOKS = 3
const QUIET_LOOK_MS = 200
const START_TRIES = 3

export type Entry =
  | 'src/index.ts'
  | 'bench/workers/counting.ts'
  | 'bench/workers/accepting.ts'
  | 'bench/workers/piping.ts'

export interface Options {
  entry: Entry
  upstream?: UpstreamOptions
  /** Beside those of a local gateway. */
  settings?: Record<string, string>
  inspectorPort?: number
  /** Its files are on the disk, where a write of the database takes its time. */
  isOnDisk?: boolean
}

export class Gateway {
  readonly url: string
  readonly key: string
  readonly client: Imagegate
  /** Of the runtime. */
  readonly processId: number
  readonly #miniflare: Miniflare

  constructor(url: string, key: string, processId: number, miniflare: Miniflare) {
    this.url = url
    this.key = key
    this.client = new Imagegate({ baseUrl: url, apiKey: key })
    this.processId = processId
    this.#miniflare = miniflare
  }

  get database() {
    return this.#miniflare.getD1Database('DB')
  }

  /** One run of the cron. */
  async runCron(): Promise<void> {
    await (await this.#miniflare.getWorker()).scheduled({ cron: '* * * * *' })
  }

  /** Run after run, as the platform does every minute. */
  startCron(): { stop(): void } {
    return tick(this.#miniflare)
  }

  /** Only of the counting Worker. */
  async counts(): Promise<ScopedCounts> {
    const response = await fetch(`${this.url}/_bench/counts`)
    return (await response.json()) as ScopedCounts
  }

  /** What the work caused, up to when all is quiet. */
  async countsOf(work: () => Promise<unknown>): Promise<ScopedCounts> {
    const before = await this.counts()
    await work()
    return between(before, await this.untilQuiet())
  }

  async untilQuiet(): Promise<ScopedCounts> {
    let last = await this.counts()
    for (let same = 0; same < QUIET_LOOKS; ) {
      await sleep(QUIET_LOOK_MS)
      const now = await this.counts()
      same = JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0
      last = now
    }
    return last
  }

  get(path: string, token = this.key): Promise<Response> {
    return fetch(this.url + path, { headers: { authorization: `Bearer ${token}` } })
  }

  async makeKey(): Promise<string> {
    const operator = new Imagegate({ baseUrl: this.url, apiKey: ADMIN_TOKEN })
    return (await operator.keys.create({ name: 'bench' })).key
  }

  async close(): Promise<void> {
    await this.#miniflare.dispose()
  }
}

/** A gateway and its upstream, for as long as the measuring takes. */
export async function withGateway<T>(
  options: Options,
  measure: (gateway: Gateway, upstream: Upstream) => Promise<T>,
): Promise<T> {
  const upstream = await startUpstream(options.upstream)
  try {
    const gateway = await startGateway(options, upstream.origin)
    try {
      return await measure(gateway, upstream)
    } finally {
      await gateway.close()
    }
  } finally {
    upstream.close()
  }
}

async function startGateway(options: Options, upstreamOrigin: string): Promise<Gateway> {
  const script = await bundleOnce(options.entry)
  const { url, miniflare, processId } = await startMiniflare(options, script, upstreamOrigin)
  await migrate(await miniflare.getD1Database('DB'))
  const operator = new Imagegate({ baseUrl: url, apiKey: ADMIN_TOKEN })
  const { key } = await operator.keys.create({ name: 'bench' })
  return new Gateway(url, key, processId, miniflare)
}

const bundles = new Map<Entry, Promise<string>>()

function bundleOnce(entry: Entry): Promise<string> {
  const made = bundles.get(entry) ?? bundleWorker(entry)
  bundles.set(entry, made)
  return made
}

/** The port has to be known before the start, and somebody else may take it in between. */
async function startMiniflare(
  options: Options,
  script: string,
  upstreamOrigin: string,
): Promise<{ url: string; miniflare: Miniflare; processId: number }> {
  const config = unstable_readConfig({ config: 'wrangler.toml' })
  for (let tries = 1; ; tries++) {
    const port = await anyPort()
    const url = `http://127.0.0.1:${port}`
    const others = new Set(childProcesses())
    const make = () =>
      new Miniflare(
        convertV4MiniflareOptions({
          host: '127.0.0.1',
          port,
          modules: true,
          script,
          compatibilityDate: config.compatibility_date ?? '',
          compatibilityFlags: config.compatibility_flags,
          d1Databases: ['DB'],
          r2Buckets: ['OUTPUTS'],
          durableObjects: { RUNNER: { className: 'TaskRunner', useSQLite: true } },
          bindings: { ...bindings(url, upstreamOrigin), ...options.settings },
          ...(options.inspectorPort ? { inspectorPort: options.inspectorPort } : {}),
          handleStructuredLogs: ({ level, message }) => {
            if (level === 'error') console.error(message)
          },
        }),
      )
    const miniflare = options.isOnDisk ? withFilesOnDisk(make) : make()
    try {
      await miniflare.ready
      const processId = childProcesses().find((pid) => !others.has(pid)) ?? 0
      return { url, miniflare, processId }
    } catch (error) {
      await miniflare.dispose().catch(() => undefined)
      if (tries === START_TRIES) throw error
    }
  }
}
