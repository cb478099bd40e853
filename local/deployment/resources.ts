/**
 * The Worker's name, its database and its bucket: made where they are missing, kept where they are this
 * gateway's, and never taken from somebody else's application that has the same name.
 */
import { isGateway } from './cloudflare-api.ts'
import type { Configuration } from './configuration.ts'
import type { DeploymentFolder } from './folder.ts'
import type { Questions } from './questions.ts'
import { Obstacle } from './steps.ts'
import { obstacleOf, WranglerError, wrangler } from './wrangler.ts'

const BUCKET_EXISTS_CODE = 10004
/** In every database that wrangler has migrated for this gateway. */
const FIRST_MIGRATION = '0000_initial.sql'

/** @throws Obstacle when a Worker of that name does something else. */
export async function checkWorkerName(accountId: string, worker: string): Promise<string> {
  const found = await isGateway(accountId, worker)
  if (found === null) return `The name ${worker} is free.`
  if (found) return `${worker} is there; it will be updated.`
  throw taken('Worker', worker, 'name')
}

export async function ensureDatabase(
  configuration: Configuration,
  folder: DeploymentFolder,
): Promise<string> {
  const { databaseName: name } = configuration
  const { own = [] } = await folder.readDeployment()
  try {
    const list = await wrangler(['d1', 'list', '--json'])
    const databases = JSON.parse(list) as Array<{ name: string }>
    const isThere = databases.some((database) => database.name === name)
    if (isThere && own.includes(name)) return `The database ${name} is there.`
    if (isThere && (await isForeign(configuration))) throw taken('database', name, 'database_name')
    if (!isThere) await wrangler(['d1', 'create', name, '--update-config=false'])
    await folder.updateDeployment({ own: [...new Set([...own, name])] })
    return `The database ${name} is ${isThere ? 'there' : 'made'}.`
  } catch (error) {
    throw obstacleOf(`Making the database ${name}`, error)
  }
}

/** A bucket that was there before is used only after a yes: retention deletes old pictures in it. */
export async function ensureBucket(
  { bucketName: name }: Configuration,
  folder: DeploymentFolder,
  questions: Questions,
): Promise<string> {
  const { own = [] } = await folder.readDeployment()
  try {
    await wrangler(['r2', 'bucket', 'create', name, '--update-config=false'])
    await folder.updateDeployment({ own: [...own, name] })
    return `The bucket ${name} is made.`
  } catch (error) {
    if (!(error instanceof WranglerError) || error.code !== BUCKET_EXISTS_CODE)
      throw obstacleOf(`Making the bucket ${name}`, error)
  }
  if (own.includes(name)) return `The bucket ${name} is there.`
  console.log(`      A bucket named ${name} is in this account already.`)
  if (!(await questions.confirm('Is it this gateway’s, from an earlier setup?')))
    throw taken('bucket', name, 'bucket_name')
  await folder.updateDeployment({ own: [...own, name] })
  return `The bucket ${name} is used.`
}

/** Whether it has tables, and not this gateway's. */
async function isForeign({ wranglerArguments }: Configuration): Promise<boolean> {
  const tables = await query(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%'",
    wranglerArguments,
  )
  if (tables.length === 0) return false
  if (!tables.includes('d1_migrations')) return true
  const migrations = await query('select name from d1_migrations', wranglerArguments)
  return migrations.length > 0 && !migrations.includes(FIRST_MIGRATION)
}

/** The names that a query finds in the database behind the binding. */
async function query(sql: string, wranglerArguments: string[]): Promise<string[]> {
  const args = ['d1', 'execute', 'DB', '--remote', '--json', '--command', sql]
  const [answer] = JSON.parse(await wrangler([...args, ...wranglerArguments])) as [
    { results: Array<{ name: string }> } | undefined,
  ]
  return answer?.results.map(({ name }) => name) ?? []
}

function taken(what: string, name: string, setting: string): Obstacle {
  return new Obstacle(
    `A ${what} named ${name} is in this account already, and is not this gateway's.`,
    `Choose another ${setting} in wrangler.toml.`,
  )
}
