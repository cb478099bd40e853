/** The gateway's own judgement of its settings, asked before they are uploaded and not by a 503 after. */
import { join } from 'node:path'
import { build } from 'esbuild'
import { Obstacle } from './steps.ts'

const SETTINGS = join(import.meta.dirname, '../../src/settings.ts')

/** For what only the Worker knows. */
const UNKNOWN = {
  ADMIN_TOKEN: 'the-worker-has-an-admin-token',
  SIGNING_SECRET: 'the-worker-has-a-signing-secret-of-its-own',
  PUBLIC_URL: 'https://gateway.example.com',
}

interface SettingsModule {
  readSettings(env: Record<string, string>): unknown
}

/** @throws Obstacle naming the first bad setting */
export async function checkSettings(known: Record<string, string>, file: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [SETTINGS],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
  })
  const code = encodeURIComponent(outputFiles[0]?.text ?? '')
  const { readSettings } = (await import(`data:text/javascript,${code}`)) as SettingsModule
  try {
    readSettings({ ...UNKNOWN, ...known })
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new Obstacle(problem, `Mend it in ${file}, or with \`npm run setup -- --rotate NAME\`.`)
  }
}
