/** What `wrangler.toml` names, for one environment: the Worker, its database, its bucket, its domain. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { unstable_readConfig } from 'wrangler'
import { Obstacle } from './steps.ts'

const FILE = 'wrangler.toml'

/** The command line of `setup` and `deploy`. */
export interface CommandLine {
  isDryRun: boolean
  /** An `[env.…]` of `wrangler.toml`; undefined is the top level. */
  environment: string | undefined
  /** Settings that get a new value. */
  rotate: string[]
  publicUrl: string | undefined
  /** Upload the secrets also when they did not change here. */
  isUploadingAllSecrets: boolean
}

export interface Configuration {
  worker: string
  databaseName: string
  bucketName: string
  /** `https://` and the custom domain, where one is configured. */
  customUrl: string | null
  /** What selects the environment in every call of wrangler. */
  wranglerArguments: string[]
}

/** The part of wrangler's own reading of the file that is used here. */
interface WranglerConfiguration {
  name?: string
  d1_databases: Array<{ binding: string; database_name?: string }>
  r2_buckets: Array<{ binding: string; bucket_name?: string }>
  routes?: Array<string | { pattern: string; custom_domain?: boolean }>
}

export function readCommandLine(): CommandLine {
  try {
    const { values } = parseArgs({
      options: {
        'dry-run': { type: 'boolean', default: false },
        env: { type: 'string' },
        rotate: { type: 'string', multiple: true, default: [] },
        url: { type: 'string' },
        secrets: { type: 'boolean', default: false },
      },
    })
    const { 'dry-run': isDryRun, env: environment, rotate, url: publicUrl } = values
    return { isDryRun, environment, rotate, publicUrl, isUploadingAllSecrets: values.secrets }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new Obstacle(
      problem,
      'Both take --dry-run and --env NAME; setup also --rotate SETTING and --url URL, deploy --secrets.',
    )
  }
}

/** @throws Obstacle when the file does not name what a deployment needs. */
export function readConfiguration(environment: string | undefined): Configuration {
  const config: WranglerConfiguration = unstable_readConfig({
    config: join(process.cwd(), FILE),
    env: environment,
  })
  const worker = config.name
  const databaseName = config.d1_databases.find(({ binding }) => binding === 'DB')?.database_name
  const bucketName = config.r2_buckets.find(({ binding }) => binding === 'OUTPUTS')?.bucket_name
  if (!worker || !databaseName || !bucketName) {
    const where = environment ? `[env.${environment}] of ${FILE}` : FILE
    throw new Obstacle(
      `${where} does not name the Worker, the database DB and the bucket OUTPUTS.`,
      'An environment inherits no bindings; docs/operating.md shows one.',
    )
  }
  const domain = config.routes?.find((route) => typeof route === 'object' && route.custom_domain)
  return {
    worker,
    databaseName,
    bucketName,
    customUrl: typeof domain === 'object' ? `https://${domain.pattern}` : null,
    wranglerArguments: environment ? ['--env', environment] : [],
  }
}
