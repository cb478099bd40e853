/** What only the Cloudflare account tells: whether the database has every migration of this version. */
import { WranglerError, wrangler } from '../deployment/wrangler.ts'
import { type Finding, failed, ok, skipped } from './finding.ts'

export async function checkMigrations(wranglerArguments: string[]): Promise<Finding> {
  const args = ['d1', 'migrations', 'list', 'DB', '--remote', ...wranglerArguments]
  try {
    const said = await wrangler(args)
    const missing = said.match(/\d{4}_\w+\.sql/g) ?? []
    if (missing.length === 0) return ok('migrations', 'The database has every migration.')
    return failed('migrations', `Missing: ${missing.join(', ')}.`, 'Run `npm run deploy`.')
  } catch (error) {
    if (!(error instanceof WranglerError)) throw error
    return skipped('migrations', `wrangler can’t tell: ${error.message}`)
  }
}
