/** `npm run setup` and `npm run deploy`, run against a stand-in for Cloudflare's API. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ANSWERS, DeploymentWorld, type RunOptions } from './deployment-world.ts'

// wrangler is started dozens of times.
vi.setConfig({ testTimeout: 240_000 })

const URL_AT_WORKERS_DEV = 'https://imagegate.ann.workers.dev'

describe('one account, from the first day on', () => {
  let world: DeploymentWorld

  beforeAll(async () => {
    world = await DeploymentWorld.create()
  })

  afterAll(() => world.close())

  async function succeed(script: 'setup' | 'deploy', options: RunOptions = {}): Promise<string> {
    const { code, output } = await world.run(script, options)
    expect(code, output).toBe(0)
    return output
  }

  it('gets a gateway and a key that works', async () => {
    const config = await world.read('wrangler.toml')
    expect(await succeed('setup', { answers: ANSWERS })).not.toContain('sk-sandbox-of-ann')
    const output = await succeed('deploy')
    expect(output).toContain(`${URL_AT_WORKERS_DEV}/healthz says ok`)

    const secrets = await world.secrets()
    const names = ['ADMIN_TOKEN', 'AIVIDEOAPI_AI_API_KEY', 'PUBLIC_URL', 'SIGNING_SECRET']
    expect(Object.keys(secrets).sort()).toEqual(names)
    expect(Object.fromEntries(world.account.secrets)).toEqual(secrets)
    expect(world.account.crons).toEqual(['* * * * *'])
    expect(await world.read('wrangler.toml')).toBe(config)
    const { mode } = await stat(join(world.folder, '.imagegate/production/secrets.json'))
    expect(mode & 0o077).toBe(0)

    const key = /Bearer (ig_[^"]+)/.exec(output)?.[1] ?? ''
    const headers = { authorization: `Bearer ${key}` }
    const request = new Request(`${URL_AT_WORKERS_DEV}/v1/providers`, { headers })
    const providers = await world.account.fetchWorker(request)
    expect(await providers.json()).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({ id: 'aivideoapi.ai', enabled: true }),
        expect.objectContaining({ id: 'gptimage2.ai', enabled: false }),
      ]),
    })
  })

  it('stays as it is when both are repeated', async () => {
    const now = async () => [await world.secrets(), [...world.account.databases]]
    const before = await now()
    await succeed('setup', { answers: ['', '', ''] })
    expect(await succeed('deploy')).toContain('Nothing to migrate.')
    expect(await now()).toEqual(before)
    expect([...world.account.buckets]).toEqual(['imagegate-outputs'])
  })

  it('keeps a secret that was set elsewhere', async () => {
    world.account.secrets.set('AIVIDEOAPI_AI_API_KEY', 'sk-set-in-the-dashboard')
    await succeed('deploy')
    expect(world.account.secrets.get('AIVIDEOAPI_AI_API_KEY')).toBe('sk-set-in-the-dashboard')
  })

  it('still accepts what the old signing secret signed after a rotation', async () => {
    const before = (await world.secrets()).SIGNING_SECRET
    await succeed('setup', { args: ['--rotate', 'SIGNING_SECRET'], answers: ['', '', ''] })
    await succeed('deploy', { args: ['--secrets'] })
    expect(world.account.secrets.get('SIGNING_SECRET_PREVIOUS')).toBe(before)
    expect(world.account.secrets.get('SIGNING_SECRET')).not.toBe(before)
  })

  it('takes every tested command of docs/operating.md', async () => {
    const guide = await readFile('docs/operating.md', 'utf8')
    const blocks = [...guide.matchAll(/```sh\n# tested\n([\s\S]*?)```/g)].map(
      ([, block = '']) => block,
    )
    await world.account.startCron()
    expect(blocks.length).toBeGreaterThan(6)
    for (const block of blocks) {
      const { code, output } = await world.shell(
        block.replaceAll('$PUBLIC_URL', world.standIn.origin),
      )
      expect(code, `${block}\n${output}`).toBe(0)
    }
  })
})
