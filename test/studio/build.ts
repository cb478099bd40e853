/** Builds the page once before its tests, as it would be deployed. */
import { build } from 'vite'

export async function setup(): Promise<void> {
  await build({ configFile: 'studio/vite.config.ts', logLevel: 'warn' })
}
