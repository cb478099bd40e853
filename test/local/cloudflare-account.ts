/**
 * What a Cloudflare account holds in the stand-in: names, databases, buckets, a Worker and its secrets.
 *
 * Databases and the uploaded Worker are real ones in Miniflare, so that a migration that fails here
 * fails, and a Worker with a bad setting says so.
 */
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { AssetStore } from './cloudflare-assets.ts'

export interface Binding {
  type: string
  name: string
  text?: string
  id?: string
  bucket_name?: string
  class_name?: string
}

interface UploadedWorker {
  script: string
  bindings: Binding[]
  compatibilityDate: string
  compatibilityFlags: string[]
}

export class CloudflareAccount {
  readonly id = '0123456789abcdef0123456789abcdef'
  subdomain: string | null = null
  /** Name → id. */
  readonly databases = new Map<string, string>()
  readonly buckets = new Set<string>()
  readonly secrets = new Map<string, string>()
  readonly assets = new AssetStore()
  crons: string[] = []
  worker: UploadedWorker | null = null
  /** How often a Worker was uploaded. */
  uploads = 0
  readonly #dataFolder: string
  #miniflare: Miniflare | null = null

  constructor(dataFolder: string) {
    this.#dataFolder = dataFolder
  }

  async createDatabase(name: string): Promise<string> {
    const id = crypto.randomUUID()
    this.databases.set(name, id)
    await this.#restart()
    return id
  }

  async upload(worker: UploadedWorker): Promise<void> {
    for (const { type, name, text = '' } of worker.bindings)
      if (type === 'secret_text') this.secrets.set(name, text)
    this.worker = worker
    this.uploads++
    await this.#restart()
  }

  /** Statement by statement, as the D1 API answers. */
  async query(databaseId: string, sql: string): Promise<unknown[]> {
    const database = await (await this.#running()).getD1Database(bindingOf(databaseId))
    const statements = sql
      .replaceAll(/--.*$/gm, '')
      .split(/;\s*(?:\n|$)/)
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '')
    const outcomes = await database.batch(statements.map((one) => database.prepare(one)))
    return outcomes.map(({ results }) => ({ results, success: true, meta: { duration: 0 } }))
  }

  /** A request to the deployed Worker, whatever its host. */
  async fetchWorker(request: Request): Promise<Response> {
    if (!this.worker) return new Response('There is nothing here yet', { status: 404 })
    const miniflare = await this.#running()
    const body = request.body ? await request.text() : null
    const headers = Object.fromEntries(request.headers)
    const { method, url } = request
    const response = await miniflare.dispatchFetch(url, {
      method,
      headers,
      ...(body ? { body } : {}),
    })
    return new Response(await response.arrayBuffer(), {
      status: response.status,
      headers: Object.fromEntries(response.headers),
    })
  }

  /** Starts a run of the cron, which goes on for a minute. */
  async startCron(): Promise<void> {
    const worker = await (await this.#running()).getWorker()
    worker.scheduled({ cron: this.crons[0] ?? '' }).catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.#miniflare?.dispose()
  }

  async #running(): Promise<Miniflare> {
    if (!this.#miniflare) await this.#restart()
    if (!this.#miniflare) throw new Error('It does not run.')
    return this.#miniflare
  }

  async #restart(): Promise<void> {
    const options = convertV4MiniflareOptions({
      modules: true,
      script: this.worker?.script ?? 'export default { fetch: () => new Response(null) }',
      compatibilityDate: this.worker?.compatibilityDate ?? '2026-10-01',
      compatibilityFlags: this.worker?.compatibilityFlags ?? [],
      bindings: Object.fromEntries(this.secrets),
      d1Databases: Object.fromEntries([
        ...[...this.databases.values()].map((id) => [bindingOf(id), id]),
        ...this.#bindingsOf('d1').map(({ name, id = '' }) => [name, id]),
      ]),
      r2Buckets: Object.fromEntries(
        this.#bindingsOf('r2_bucket').map(({ name, bucket_name = '' }) => [name, bucket_name]),
      ),
      durableObjects: Object.fromEntries(
        this.#bindingsOf('durable_object_namespace').map(({ name, class_name }) => [
          name,
          { className: class_name ?? '', useSQLite: true },
        ]),
      ),
      resourcePersistencePath: this.#dataFolder,
    })
    if (this.#miniflare) await this.#miniflare.setOptions(options)
    else this.#miniflare = new Miniflare(options)
    await this.#miniflare.ready
  }

  #bindingsOf(type: string): Binding[] {
    return this.worker?.bindings.filter((binding) => binding.type === type) ?? []
  }
}

/** Databases are there before a Worker binds them. */
function bindingOf(databaseId: string): string {
  return `DATABASE_${databaseId.replaceAll('-', '_')}`
}
