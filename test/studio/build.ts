/** Builds the page once before its tests, in a process of its own, as it would be deployed. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export async function setup(): Promise<void> {
  const args = ['run', '--silent', 'build:studio', '--', '--logLevel', 'warn']
  // Vitest calls itself a test, for which Vite would build another page.
  await promisify(execFile)('npm', args, { env: { ...process.env, NODE_ENV: 'production' } })
}
