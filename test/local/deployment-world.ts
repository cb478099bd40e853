/** A fresh clone, a fresh Cloudflare account, and the deployment scripts run in them as a user would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'
import { PROVIDER_IDS } from '../../src/core/request.ts'
import { CloudflareAccount } from './cloudflare-account.ts'
import { type Rules, type StandIn, startStandIn } from './cloudflare-stand-in.ts'

const NAMES = join(import.meta.dirname, 'workers-dev.ts')
const ROOT = join(import.meta.dirname, '../..')
const CLONED = [
  'src',
  'assets',
  'client',
  'docs',
  'studio',
  'local',
  'migrations',
  'wrangler.toml',
  'tsconfig.json',
  'package.json',
]

/** Each provider's key is asked for, of which one is given, and then the account's name under workers.dev. */
const KEYS = PROVIDER_IDS.map((_, place) => (place === 0 ? 'sk-sandbox-of-ann' : ''))
export const ANSWERS = [...KEYS, 'ann']

export interface Outcome {
  code: number | null
  output: string
}

export interface RunOptions {
  args?: string[]
  /** Lines typed by the operator. */
  answers?: string[]
  environment?: Record<string, string>
  /** Kills it hard when its output shows this. */
  killAt?: string
}

export class DeploymentWorld {
  readonly account: CloudflareAccount
  readonly rules: Rules
  readonly folder: string
  readonly standIn: StandIn
  readonly sandbox: SandboxServer

  private constructor(
    parts: Pick<DeploymentWorld, 'account' | 'folder' | 'rules' | 'sandbox' | 'standIn'>,
  ) {
    this.folder = parts.folder
    this.account = parts.account
    this.rules = parts.rules
    this.standIn = parts.standIn
    this.sandbox = parts.sandbox
  }

  static async create(): Promise<DeploymentWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'imagegate-clone-'))
    for (const name of CLONED) await cp(join(ROOT, name), join(folder, name), { recursive: true })
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    const account = new CloudflareAccount(join(folder, 'cloudflare'))
    const rules: Rules = { takenSubdomains: [], forbidden: null }
    const standIn = await startStandIn(account, rules)
    const sandbox = await startSandbox(0)
    return new DeploymentWorld({ folder, account, rules, standIn, sandbox })
  }

  run(script: 'setup' | 'deploy', options: RunOptions = {}): Promise<Outcome> {
    const { args = [], answers = [], environment = {}, killAt } = options
    const command = [process.execPath, ['--import', NAMES, `local/${script}.ts`, ...args]] as const
    const child = spawn(...command, {
      cwd: this.folder,
      detached: true,
      env: { ...this.#environment(), ...environment },
    })
    child.stdin.end(answers.map((answer) => `${answer}\n`).join(''))
    return this.#watch(child, killAt)
  }

  /** Lines of a shell, where nobody answers questions. */
  async shell(lines: string): Promise<Outcome> {
    const { ADMIN_TOKEN = '' } = await this.secrets()
    const child = spawn('bash', ['-euo', 'pipefail', '-c', lines], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...this.#environment(),
        PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
        NODE_OPTIONS: `--import=${NAMES}`,
        CI: '1',
        ADMIN_TOKEN,
      },
    })
    return this.#watch(child, undefined)
  }

  #environment(): Record<string, string | undefined> {
    return {
      PATH: process.env.PATH,
      HOME: this.folder,
      NO_COLOR: '1',
      // wrangler is started many times, and most of that is compiling it.
      NODE_COMPILE_CACHE: join(tmpdir(), 'imagegate-compile-cache'),
      CLOUDFLARE_API_BASE_URL: this.standIn.origin,
      CLOUDFLARE_API_TOKEN: 'token-of-the-operator',
      STAND_IN_ORIGIN: this.standIn.origin,
      SANDBOX_ORIGIN: this.sandbox.origin,
    }
  }

  async #watch(child: ChildProcess, killAt: string | undefined): Promise<Outcome> {
    let output = ''
    const hear = (chunk: Buffer) => {
      output += chunk
      if (killAt && output.includes(killAt) && child.pid) killGroup(child.pid)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, output }
  }

  async read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8')
  }

  async secrets(): Promise<Record<string, string>> {
    return JSON.parse(await this.read('.imagegate/production/secrets.json')) as Record<
      string,
      string
    >
  }

  /** @throws when something was asked that the stand-in does not know */
  async close(): Promise<void> {
    await this.standIn.close()
    this.sandbox.close()
    await rm(this.folder, { recursive: true, force: true })
    const { unknown } = this.standIn
    if (unknown.length > 0) throw new Error(`The stand-in does not know ${unknown.join(', ')}.`)
  }
}

/** wrangler too, which may be in the middle of a call. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It was over already.
  }
}
