/** Accounts and tokens with which setup and deployment can't go straight on, and runs that are cut off. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DeploymentFolder } from '../../local/deployment/folder.ts'
import { ANSWERS, DeploymentWorld } from './deployment-world.ts'

// wrangler is started dozens of times.
vi.setConfig({ testTimeout: 300_000 })

/** Those before which something was made or written. */
const SETUP_STEPS_AFTER_A_CHANGE = [4, 5, 6, 7]
const DEPLOY_STEPS_AFTER_A_CHANGE = [4, 5, 6]

let world: DeploymentWorld

beforeEach(async () => {
  world = await DeploymentWorld.create()
})

afterEach(() => world.close())

it('goes on after being killed at any step', async () => {
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
  expect(world.account.assets.deployed.get('/index.html')).toContain('<title>imagegate')
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

it.each([
  ['ADMIN_TOKEN', 'short', 'must have at least 24 characters'],
  ['ADMIN_TOKEN', 'local-admin-token-not-for-production', 'is an example'],
  ['PUBLIC_URL', 'http://gateway.example.com', 'must be an https URL'],
])('is asked nothing when %s is %s', async (name, value, reason) => {
  await new DeploymentFolder(undefined, world.folder).setSecrets({ [name]: value })
  const { code, output } = await world.run('deploy')
  expect(code).toBe(1)
  expect(output).toContain(name)
  expect(output).toContain(reason)
  expect(world.standIn.calls).toEqual([])
})

it.each(['setup', 'deploy'] as const)('%s --dry-run touches nothing', async (script) => {
  const { code, output } = await world.run(script, { args: ['--dry-run'] })
  expect(code, output).toBe(0)
  expect(output).toContain('would:')
  expect(world.standIn.calls).toEqual([])
  await expect(world.read('.imagegate/production/secrets.json')).rejects.toThrow()
})
