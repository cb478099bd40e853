/**
 * What this machine knows of a deployment, in `.imagegate/<environment>/`: ignored by git, readable by
 * its owner only. Every change is written at once and whole, so an interruption loses nothing.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Deployment {
  accountId?: string
  /** Names of what was found or made for this gateway, so that it is not taken for a stranger's. */
  own?: string[]
  /** Digest of the secrets that the Worker has. */
  uploadedSecrets?: string
  /** The first client key, so that it is not lost when the terminal is. */
  firstKey?: string
}

export class DeploymentFolder {
  readonly path: string
  /** In the form that `wrangler deploy --secrets-file` takes. */
  readonly secretsFile: string
  readonly #deploymentFile: string

  /** @param root the checkout; by default the folder in which the command runs */
  constructor(environment: string | undefined, root = '') {
    this.path = join(root, '.imagegate', environment ?? 'production')
    this.secretsFile = join(this.path, 'secrets.json')
    this.#deploymentFile = join(this.path, 'deployment.json')
  }

  async readDeployment(): Promise<Deployment> {
    return readJson(this.#deploymentFile)
  }

  async updateDeployment(changes: Deployment): Promise<void> {
    await this.#write(this.#deploymentFile, { ...(await this.readDeployment()), ...changes })
  }

  async readSecrets(): Promise<Record<string, string>> {
    return readJson(this.secretsFile)
  }

  async setSecrets(changes: Record<string, string>): Promise<void> {
    await this.#write(this.secretsFile, { ...(await this.readSecrets()), ...changes })
  }

  /** Changes when a secret does. */
  async secretsDigest(): Promise<string> {
    return createHash('sha256')
      .update(JSON.stringify(await this.readSecrets()))
      .digest('hex')
  }

  async #write(file: string, content: object): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 })
    const draft = `${file}.new`
    await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    await rename(draft, file)
  }
}

async function readJson<T extends object>(file: string): Promise<T> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  return JSON.parse(text) as T
}
