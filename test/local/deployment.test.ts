/** `npm run setup` and `npm run deploy`, run against a stand-in for Cloudflare's API. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DeploymentWorld, type RunOptions } from './deployment-world.ts'

/** The account's name under workers.dev is asked for after the four keys, of which one is given. */
const ANSWERS = ['sk-sandbox-of-ann', '', '', '', 'ann']
const URL_AT_WORKERS_DEV = 'https://imagegate.ann.workers.dev'
/** Those before which something was made or written. */
const SETUP_STEPS_AFTER_A_CHANGE = [4, 5, 6, 7]
const DEPLOY_STEPS_AFTER_A_CHANGE = [4, 5, 6]

async function closeWorld(world: DeploymentWorld): Promise<void> {
  const { unknown } = world.standIn
  await world.close()
  expect(unknown, 'calls that the stand-in does not know').toEqual([])
}

describe('one account, from the first day on', () => {
  let world: DeploymentWorld

  beforeAll(async () => {
    world = await DeploymentWorld.create()
  })

  afterAll(() => closeWorld(world))

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

  it('takes every tested command of docs/operating.md', { timeout: 240_000 }, async () => {
    const guide = await readFile('docs/operating.md', 'utf8')
    const blocks = [...guide.matchAll(/```sh\n# tested\n([\s\S]*?)```/g)].map(
      ([, block = '']) => block,
    )
    expect(blocks.length).toBeGreaterThan(6)
    for (const block of blocks) {
      const { code, output } = await world.shell(
        block.replaceAll('$PUBLIC_URL', world.standIn.origin),
      )
      expect(code, `${block}\n${output}`).toBe(0)
    }
  })
})

describe('an account', () => {
  let world: DeploymentWorld

  beforeEach(async () => {
    world = await DeploymentWorld.create()
  })

  afterEach(() => closeWorld(world))

  it('goes on after being killed at any step', { timeout: 240_000 }, async () => {
    for (const step of SETUP_STEPS_AFTER_A_CHANGE) {
      const answers = step > 6 ? ['sk-sandbox-of-ann', '', '', ''] : []
      await world.run('setup', { answers, killAt: `\n${step}/` })
    }
    const { SIGNING_SECRET } = await world.secrets()
    const setup = await world.run('setup', { answers: [...ANSWERS.slice(1)] })
    expect(setup.code, setup.output).toBe(0)
    for (const step of DEPLOY_STEPS_AFTER_A_CHANGE)
      await world.run('deploy', { killAt: `\n${step}/` })
    const deploy = await world.run('deploy')
    expect(deploy.code, deploy.output).toBe(0)
    expect(deploy.output).toMatch(/Bearer ig_[^"]+/)
    expect(world.account.databases.size).toBe(1)
    expect(await world.secrets()).toMatchObject({
      SIGNING_SECRET,
      AIVIDEOAPI_AI_API_KEY: 'sk-sandbox-of-ann',
    })
    expect(world.account.secrets.get('SIGNING_SECRET')).toBe(SIGNING_SECRET)
  })

  it('is deployed by Cloudflare’s own build behind the button, before its secrets are set', async () => {
    world.account.subdomain = 'ann'
    await world.account.createDatabase('imagegate')
    const { code, output } = await world.run('deploy', {
      environment: { CI: '1', WORKERS_CI: '1' },
    })
    expect(code, output).toBe(0)
    expect(output).toContain('ADMIN_TOKEN and SIGNING_SECRET: not set yet.')
    expect(world.account.worker?.bindings).toContainEqual(
      expect.objectContaining({ type: 'd1', name: 'DB' }),
    )
    expect([...world.account.buckets]).toEqual(['imagegate-outputs'])
    const health = new Request('https://imagegate.ann.workers.dev/healthz')
    expect((await world.account.fetchWorker(health)).status).toBe(503)
  })

  it('leaves a database alone that belongs to something else', async () => {
    const id = await world.account.createDatabase('imagegate')
    await world.account.query(id, 'create table customers (id integer)')
    const { code, output } = await world.run('setup', { answers: ANSWERS })
    expect(code).toBe(1)
    expect(output).toContain('Choose another database_name in wrangler.toml.')
  })

  it('uses a bucket that was there only after a yes', async () => {
    world.account.buckets.add('imagegate-outputs')
    const refused = await world.run('setup', { answers: ['n'] })
    expect(refused.code).toBe(1)
    expect(refused.output).toContain('Choose another bucket_name in wrangler.toml.')
    const taken = await world.run('setup', { answers: ['y', ...ANSWERS] })
    expect(taken.code, taken.output).toBe(0)
  })

  it('does not overwrite a Worker that does something else', async () => {
    await world.account.upload({
      script: 'export default { fetch: () => new Response("a shop") }',
      bindings: [{ type: 'kv_namespace', name: 'CARTS' }],
      compatibilityDate: '2026-10-01',
      compatibilityFlags: [],
    })
    for (const script of ['setup', 'deploy'] as const) {
      const { code, output } = await world.run(script, { answers: ANSWERS })
      expect(code).toBe(1)
      expect(output).toContain('Choose another name in wrangler.toml.')
    }
    expect(world.account.uploads).toBe(1)
  })

  it('asks again for a workers.dev name that somebody else has', async () => {
    world.rules.takenSubdomains.push('ann')
    const setup = await world.run('setup', { answers: [...ANSWERS, 'ann-2'] })
    expect(setup.code, setup.output).toBe(0)
    expect((await world.secrets()).PUBLIC_URL).toBe('https://imagegate.ann-2.workers.dev')
  })

  it.each(['/d1/database', '/r2/buckets', '/workers/scripts'])(
    'names the permissions that a token needs when %s is refused',
    async (path) => {
      world.rules.forbidden = new RegExp(path)
      const { code, output } = await world.run('setup', { answers: ANSWERS })
      expect(code, output).toBe(1)
      expect(output).toContain('Workers Scripts, D1 and Workers R2 Storage (all Edit)')
      expect(output).not.toMatch(/^\s+at /m)
    },
  )

  it.each(['setup', 'deploy'] as const)('%s --dry-run touches nothing', async (script) => {
    const { code, output } = await world.run(script, { args: ['--dry-run'] })
    expect(code, output).toBe(0)
    expect(output).toContain('would:')
    expect(world.standIn.calls).toEqual([])
    await expect(world.read('.imagegate/production/secrets.json')).rejects.toThrow()
  })
})
