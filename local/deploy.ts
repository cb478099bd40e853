/**
 * `npm run deploy`: brings this version of the gateway to Cloudflare, the database first.
 *
 * It can be stopped and repeated at any time. It also runs where nobody can answer, such as the build
 * behind the "Deploy to Cloudflare" button: what it cannot know there it leaves out and says so.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseAccount } from './deployment/account.ts'
import { readCommandLine, readConfiguration } from './deployment/configuration.ts'
import { makeFirstKey, waitUntilHealthy } from './deployment/first-request.ts'
import { DeploymentFolder } from './deployment/folder.ts'
import { Questions } from './deployment/questions.ts'
import { checkWorkerName, ensureDatabase } from './deployment/resources.ts'
import { readWorkersSecrets } from './deployment/secrets.ts'
import { checkSettings } from './deployment/settings-check.ts'
import { Obstacle, runCommand, takeSteps } from './deployment/steps.ts'
import { obstacleOf, wrangler } from './deployment/wrangler.ts'

const REQUIRED = ['ADMIN_TOKEN', 'SIGNING_SECRET']
/** Cloudflare's own build, whose secrets come from the dashboard and may not be there yet. */
const isCloudflareBuild = process.env.WORKERS_CI !== undefined

await runCommand(deploy)

async function deploy(): Promise<void> {
  const { isDryRun, environment, isUploadingAllSecrets } = readCommandLine()
  const configuration = readConfiguration(environment)
  const { worker, databaseName, wranglerArguments } = configuration
  const folder = new DeploymentFolder(environment)
  const questions = new Questions()
  let url = ''

  const steps = [
    {
      title: 'Build the Worker',
      why: 'What cannot be built, or would refuse its settings, is not deployed.',
      would: `run \`wrangler deploy --dry-run\` for ${worker}`,
      run: async () => {
        await checkSettings(await folder.readSecrets(), folder.secretsFile)
        return build(wranglerArguments)
      },
    },
    {
      title: 'Check the account and the secrets',
      why: 'The Worker’s name must be this gateway’s, and the required secrets must be there.',
      would: `look for ${REQUIRED.join(' and ')} at the Worker and in ${folder.secretsFile}`,
      run: async () => {
        const { id, name } = await chooseAccount(folder, questions)
        const found = await checkWorkerName(id, worker)
        const missing = await findMissingSecrets(folder, wranglerArguments)
        return `Account ${name}. ${found}${missing}`
      },
    },
    {
      title: 'Migrate the database',
      why: 'Before the code: every migration keeps what the running version needs.',
      would: `run \`wrangler d1 migrations apply DB --remote\` on ${databaseName}`,
      run: async () => {
        await ensureDatabase(configuration, folder)
        return migrate(wranglerArguments)
      },
    },
    {
      title: 'Upload the Worker',
      why: 'Code, secrets that changed, the cron and the address, in one go.',
      would: 'run `wrangler deploy` with the secrets of this machine',
      run: async () => {
        url = await upload(folder, wranglerArguments, isUploadingAllSecrets)
        return `${worker} is deployed${url ? ` at ${url}` : ''}.`
      },
    },
    {
      title: 'Ask the gateway how it is',
      why: 'It answers only if its settings are right.',
      would: 'fetch /healthz until it answers',
      run: async () => {
        if (isCloudflareBuild) return `Open ${url}/healthz to see.`
        url = (await folder.readSecrets()).PUBLIC_URL ?? process.env.PUBLIC_URL ?? url
        return url ? waitUntilHealthy(url) : 'Its address is not known here; open /healthz on it.'
      },
    },
    {
      title: 'Make a first key',
      why: 'Clients use keys; the admin token makes them and reads.',
      would: 'make a key named "first" unless there is one',
      run: async () => {
        const token = (await folder.readSecrets()).ADMIN_TOKEN ?? process.env.ADMIN_TOKEN
        if (url && token && !isCloudflareBuild) return makeFirstKey(url, token, folder)
        return 'ADMIN_TOKEN is not known here: make a key with POST /v1/keys, as the README shows.'
      },
    },
  ]
  try {
    await takeSteps(steps, isDryRun)
    if (isDryRun) console.log(`\n${await build(wranglerArguments)}`)
  } finally {
    questions.close()
  }
}

async function build(wranglerArguments: string[]): Promise<string> {
  try {
    await wrangler(['deploy', '--dry-run', '--outdir', 'dist', ...wranglerArguments])
    return 'It builds.'
  } catch (error) {
    throw obstacleOf('Building the Worker', error)
  }
}

/** A sentence about required secrets that are nowhere, or ''. @throws Obstacle where they can be set first */
async function findMissingSecrets(
  folder: DeploymentFolder,
  wranglerArguments: string[],
): Promise<string> {
  const here = await folder.readSecrets()
  const atWorker = await readWorkersSecrets(wranglerArguments)
  const missing = REQUIRED.filter((name) => !here[name] && !atWorker.includes(name)).join(' and ')
  if (missing === '') return ''
  if (!isCloudflareBuild) throw new Obstacle(`${missing}: not set.`, 'Run `npm run setup` first.')
  return `\n${missing}: not set yet. Until they are, the gateway answers 503 and says so.`
}

async function migrate(wranglerArguments: string[]): Promise<string> {
  try {
    const said = await wrangler([
      ...['d1', 'migrations', 'apply', 'DB', '--remote'],
      ...wranglerArguments,
    ])
    return /No migrations to apply/.test(said)
      ? 'Nothing to migrate.'
      : 'The database is up to date.'
  } catch (error) {
    throw obstacleOf('Migrating the database', error)
  }
}

/** The address that wrangler deployed to; '' where it has none of its own. */
async function upload(
  folder: DeploymentFolder,
  wranglerArguments: string[],
  isUploadingAllSecrets: boolean,
): Promise<string> {
  const digest = await folder.secretsDigest()
  const { uploadedSecrets } = await folder.readDeployment()
  const hasSecrets = Object.keys(await folder.readSecrets()).length > 0
  const isNews = hasSecrets && (isUploadingAllSecrets || digest !== uploadedSecrets)
  const report = await mkdtemp(join(tmpdir(), 'imagegate-deploy-'))
  const reportFile = join(report, 'report.ndjson')
  try {
    await wrangler(
      ['deploy', ...(isNews ? ['--secrets-file', folder.secretsFile] : []), ...wranglerArguments],
      { WRANGLER_OUTPUT_FILE_PATH: reportFile },
    )
    if (isNews) await folder.updateDeployment({ uploadedSecrets: digest })
    const entries = (await readFile(reportFile, 'utf8')).trim().split('\n')
    const deployed = entries
      .map((line) => JSON.parse(line) as { type: string; targets?: string[] })
      .find(({ type }) => type === 'deploy')
    return deployed?.targets?.find((target) => target.startsWith('https://')) ?? ''
  } catch (error) {
    throw obstacleOf('Uploading the Worker', error)
  } finally {
    await rm(report, { recursive: true, force: true })
  }
}
