/**
 * Runs wrangler, the project's own, and turns its failures into what the operator can do about them.
 *
 * It is never asked anything: what it would ask is decided before.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Obstacle } from './steps.ts'

const WRANGLER = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js')

/** Cloudflare's codes for "not logged in" and "this token may not do that". */
const PERMISSION_CODES = [9109, 10000, 10023]
/** R2 has to be switched on once, in the dashboard, where its terms are accepted. */
const R2_DISABLED_CODE = 10042

export const NEEDED_PERMISSIONS =
  'A token needs, for this account: Workers Scripts, D1 and Workers R2 Storage (all Edit) and Account Settings (Read). ' +
  'Make one at https://dash.cloudflare.com/profile/api-tokens, or unset CLOUDFLARE_API_TOKEN and log in with `npx wrangler login`.'

/** A failed call of wrangler that its caller may know how to take. */
export class WranglerError extends Error {
  /** Cloudflare's error code, where wrangler printed one. */
  readonly code: number | null

  constructor(errors: string, output: string) {
    super(readable(errors) || readable(output) || 'no reason given')
    const [, code] = /\[code: (\d+)\]/.exec(errors + output) ?? []
    this.code = code === undefined ? null : Number(code)
  }
}

/** What wrangler says on standard output. @throws WranglerError */
export async function wrangler(
  args: string[],
  environment: Record<string, string> = {},
): Promise<string> {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', ...environment, CI: '1' },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new WranglerError(output.stderr, output.stdout)
  return output.stdout
}

/** The browser's login, in this terminal. */
export async function logIn(): Promise<void> {
  const child = spawn(process.execPath, [WRANGLER, 'login'], { stdio: 'inherit' })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Obstacle('The login was not finished.', 'Run this again.')
}

/** A failure that nobody expected, as an obstacle with the likeliest cure. */
export function obstacleOf(doing: string, error: unknown): Obstacle {
  if (error instanceof Obstacle) return error
  if (!(error instanceof WranglerError)) throw error
  const problem = `${doing} failed: ${error.message}`
  if (error.code !== null && PERMISSION_CODES.includes(error.code))
    return new Obstacle(problem, NEEDED_PERMISSIONS)
  if (error.code === R2_DISABLED_CODE)
    return new Obstacle(problem, 'Switch R2 on in the dashboard (R2 Object Storage), then go on.')
  return new Obstacle(problem, 'If Cloudflare is in trouble (www.cloudflarestatus.com), wait.')
}

/** The lines that say something: no colours, banner, frame or path of a log file. */
function readable(output: string): string {
  const isNoise = /^(⛅|─|🪵|If you think this is a bug|.*Logs were written)/u
  return stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.replace(/^\s*✘ \[ERROR\] /, '').trim())
    .filter((line) => line !== '' && !isNoise.test(line))
    .join(' ')
}
