/**
 * `npm run setup`: everything that a Cloudflare account and this machine need before `npm run deploy`.
 *
 * It can be stopped and repeated at any time: each step looks first at what is there. Nothing goes into
 * a file that git tracks; the secrets are in `.imagegate/`, for their owner only.
 */
import { chooseAccount, settleSubdomain } from './deployment/account.ts'
import { readCommandLine, readConfiguration } from './deployment/configuration.ts'
import { DeploymentFolder } from './deployment/folder.ts'
import { Questions } from './deployment/questions.ts'
import { checkWorkerName, ensureBucket, ensureDatabase } from './deployment/resources.ts'
import {
  askForProviderKeys,
  generateSecrets,
  readWorkersSecrets,
  rotateSecret,
} from './deployment/secrets.ts'
import { runCommand, takeSteps } from './deployment/steps.ts'

await runCommand(setUp)

async function setUp(): Promise<void> {
  const commandLine = readCommandLine()
  const { isDryRun, environment, rotate } = commandLine
  const configuration = readConfiguration(environment)
  const { worker, databaseName, bucketName, customUrl, wranglerArguments } = configuration
  const folder = new DeploymentFolder(environment)
  const questions = new Questions()
  let accountId = ''
  let atWorker: string[] = []

  const rotations = rotate.map((name) => ({
    title: `Rotate ${name}`,
    why: 'The old value is replaced; docs/operating.md says what that means for what it signed.',
    would: 'put a new value into the secrets of this machine',
    run: () => rotateSecret(name, folder, questions),
  }))
  const steps = [
    {
      title: 'Log in',
      why: 'wrangler, Cloudflare’s command line, talks to your account.',
      would: 'run `wrangler whoami`, and `wrangler login` if nobody is logged in',
      run: async () => {
        const account = await chooseAccount(folder, questions)
        accountId = account.id
        return `Account ${account.name} (${accountId}).`
      },
    },
    {
      title: 'Look at the Worker’s name',
      why: 'A Worker of the same name that does something else must not be overwritten.',
      would: `ask Cloudflare whether ${worker} is free or this gateway’s`,
      run: () => checkWorkerName(accountId, worker),
    },
    {
      title: 'Create the database',
      why: 'D1 holds every task, what it cost, and who may use the gateway.',
      would: `run \`wrangler d1 create ${databaseName}\` unless it is there`,
      run: () => ensureDatabase(configuration, folder),
    },
    {
      title: 'Create the bucket',
      why: 'R2 holds the pictures.',
      would: `run \`wrangler r2 bucket create ${bucketName}\` unless it is there`,
      run: () => ensureBucket(configuration, folder, questions),
    },
    {
      title: 'Generate the gateway’s own secrets',
      why: 'ADMIN_TOKEN is yours as the operator; SIGNING_SECRET signs callbacks and picture addresses.',
      would: `make them up, unless they are in ${folder.secretsFile} or at the Worker`,
      run: async () => {
        atWorker = await readWorkersSecrets(wranglerArguments)
        return generateSecrets(folder, atWorker)
      },
    },
    {
      title: 'Take the providers’ keys',
      why: 'A provider is used exactly when its key is set; one is enough.',
      would: 'ask for each one’s key, which may be left out',
      run: () => askForProviderKeys(folder, atWorker, questions),
    },
    {
      title: 'Find the gateway’s address',
      why: 'PUBLIC_URL: providers call back there, and the addresses of pictures begin with it.',
      would: customUrl ? `use ${customUrl}` : 'use the account’s name under workers.dev',
      run: async () => {
        const isAtWorker = atWorker.includes('PUBLIC_URL')
        if (isAtWorker && !(await folder.readSecrets()).PUBLIC_URL && !commandLine.publicUrl)
          return 'PUBLIC_URL is set at the Worker and stays; its value is not known here.'
        const found = commandLine.publicUrl ?? customUrl ?? (await workersDevUrl())
        const { PUBLIC_URL: known } = await folder.readSecrets()
        if (known && known !== found && !commandLine.publicUrl)
          return `PUBLIC_URL stays ${known}. To change it to ${found}: npm run setup -- --url ${found}`
        await folder.setSecrets({ PUBLIC_URL: found })
        return `PUBLIC_URL is ${found}.`
      },
    },
    ...rotations,
  ]

  async function workersDevUrl(): Promise<string> {
    return `https://${worker}.${await settleSubdomain(accountId, questions)}.workers.dev`
  }

  try {
    await takeSteps(steps, isDryRun)
  } finally {
    questions.close()
  }
  const suffix = environment ? ` -- --env ${environment}` : ''
  const next = isDryRun ? 'the same without --dry-run' : `npm run deploy${suffix}`
  console.log(`\nNext: ${next}`)
}
