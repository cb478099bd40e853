/**
 * The settings that only the Worker and the operator know. What can be made up is generated, the rest is
 * asked for or taken from the environment; what the Worker has already is never replaced by accident.
 */
import { randomBytes } from 'node:crypto'
import { PROVIDER_IDS, settingPrefix } from '../../src/core/request.ts'
import type { DeploymentFolder } from './folder.ts'
import type { Questions } from './questions.ts'
import { Obstacle } from './steps.ts'
import { obstacleOf, WranglerError, wrangler } from './wrangler.ts'

const GENERATED: Record<string, number> = { ADMIN_TOKEN: 32, SIGNING_SECRET: 48 }
const PROVIDER_KEYS = PROVIDER_IDS.map((id) => ({
  id,
  setting: `${settingPrefix(id)}_API_KEY`,
}))
const ROTATABLE = [...Object.keys(GENERATED), ...PROVIDER_KEYS.map(({ setting }) => setting)]
const NO_SUCH_WORKER_CODE = 10007

/** Names of the secrets that the Worker has; their values can't be read. */
export async function readWorkersSecrets(wranglerArguments: string[]): Promise<string[]> {
  try {
    const list = await wrangler(['secret', 'list', '--format', 'json', ...wranglerArguments])
    return (JSON.parse(list) as Array<{ name: string }>).map(({ name }) => name)
  } catch (error) {
    const isMissing =
      error instanceof WranglerError &&
      (error.code === NO_SUCH_WORKER_CODE || /Worker ".*" not found/.test(error.message))
    if (isMissing) return []
    throw obstacleOf('Reading the names of the Worker’s secrets', error)
  }
}

/** Generates what is missing of the gateway's own two secrets. */
export async function generateSecrets(
  folder: DeploymentFolder,
  atWorker: string[],
): Promise<string> {
  const known = await folder.readSecrets()
  const lines: string[] = []
  for (const [name, bytes] of Object.entries(GENERATED)) {
    const given = process.env[name]
    if (known[name]) lines.push(`${name} is in ${folder.secretsFile}.`)
    else if (given) {
      await folder.setSecrets({ [name]: given })
      lines.push(`${name} is taken from the environment.`)
    } else if (atWorker.includes(name)) {
      lines.push(`${name} is set at the Worker and stays; its value is not known here.`)
    } else {
      await folder.setSecrets({ [name]: randomBytes(bytes).toString('base64url') })
      lines.push(`${name} is generated, and kept in ${folder.secretsFile}.`)
    }
  }
  return lines.join('\n')
}

/** Asks for the key of each provider that has none. */
export async function askForProviderKeys(
  folder: DeploymentFolder,
  atWorker: string[],
  questions: Questions,
): Promise<string> {
  const enabled: string[] = []
  for (const { id, setting } of PROVIDER_KEYS) {
    const isKnown = (await folder.readSecrets())[setting] || atWorker.includes(setting)
    const key = isKnown ? null : await findKey(id, setting, questions)
    if (key) await folder.setSecrets({ [setting]: key })
    if (isKnown || key) enabled.push(id)
  }
  if (enabled.length > 0) return `Enabled: ${enabled.join(', ')}.`
  return 'No provider has a key yet, so no picture can be made: run `npm run setup` again when you have one.'
}

async function findKey(id: string, setting: string, questions: Questions): Promise<string | null> {
  const given = process.env[setting]
  if (given) return given
  return questions.ask(`Your API key at ${id} (empty: leave it out):`, { isSecret: true })
}

/** Gives a secret a new value; the next `npm run deploy` brings it to the Worker. @throws Obstacle */
export async function rotateSecret(
  name: string,
  folder: DeploymentFolder,
  questions: Questions,
): Promise<string> {
  if (!ROTATABLE.includes(name))
    throw new Obstacle(
      `${name} is not a secret that can be rotated.`,
      `One of ${ROTATABLE.join(', ')}.`,
    )
  const known = (await folder.readSecrets())[name]
  const bytes = GENERATED[name]
  if (bytes === undefined) {
    const key = await questions.ask(`The new ${name}:`, { isSecret: true })
    if (!key) throw new Obstacle('No new key was given.', 'Nothing is changed.')
    await folder.setSecrets({ [name]: key })
    return `${name} is replaced. It reaches the Worker with \`npm run deploy\`.`
  }
  if (name === 'SIGNING_SECRET' && !known) {
    throw new Obstacle(
      'The current SIGNING_SECRET is not known here, and what it signed must go on being accepted.',
      `Put it into ${folder.secretsFile} as "SIGNING_SECRET" first.`,
    )
  }
  const changes = { [name]: randomBytes(bytes).toString('base64url') }
  if (name === 'SIGNING_SECRET' && known) changes.SIGNING_SECRET_PREVIOUS = known
  await folder.setSecrets(changes)
  return `${name} is replaced. It reaches the Worker with \`npm run deploy\`.`
}
