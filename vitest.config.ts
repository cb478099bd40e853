import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { buildAssets } from './local/build-assets.ts'
import { PROVIDER_IDS, settingPrefix } from './src/core/request.ts'
import { createOutside } from './test/node/world/outside.ts'

// The Worker under test serves them, so they have to be there.
await buildAssets()

/** What a test waits for may take long on a busy machine; how fast it came is not what is tested. */
const expectation = { poll: { timeout: 20_000 } }

/** Every provider is enabled, with a key that the sandbox takes. */
const KEYS = PROVIDER_IDS.map((id) => [`${settingPrefix(id)}_API_KEY`, 'sk-sandbox'])

export default defineConfig({
  test: {
    silent: 'passed-only',
    // Most tests wait for something, so more files than cores may run side by side.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/node/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'end-to-end',
          expect: expectation,
          include: ['test/{end-to-end,local}/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'studio',
          expect: expectation,
          include: ['test/studio/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 600_000,
        },
      },
      workerdProject('dialects'),
      workerdProject('flow'),
      workerdProject('handlers'),
      workerdProject('outputs'),
    ],
  },
})

/** One folder of `test/workerd/`: the Workers runtime, with real D1, R2 and Durable Objects. */
function workerdProject(folder: string): TestProjectInlineConfiguration {
  return {
    plugins: [
      cloudflareTest(async () => ({
        wrangler: { configPath: './wrangler.toml' },
        miniflare: {
          // The sandbox is the whole outside world: the documented hosts, and nothing else.
          outboundService: createOutside(),
          // It forgets what it is given; a test may look over its shoulder.
          analyticsEngineDatasets: { METRICS: { dataset: 'imagegate' } },
          bindings: {
            MIGRATIONS: await readD1Migrations('migrations'),
            PUBLIC_URL: 'https://gateway.example.com',
            ADMIN_TOKEN: 'admin-token-of-the-test-gateway',
            SIGNING_SECRET: 'signing-secret-of-the-test-gateway',
            TICK_SECONDS: '0',
            ...Object.fromEntries(KEYS),
          },
        },
      })),
    ],
    test: {
      name: folder,
      expect: expectation,
      include: [`test/workerd/${folder}/**/*.test.ts`],
      setupFiles: ['test/workerd/world/setup.ts'],
      testTimeout: 60_000,
    },
  }
}
