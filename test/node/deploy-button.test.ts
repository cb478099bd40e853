/** What the "Deploy to Cloudflare" button reads is complete, and safe for whoever accepts it as it is. */
import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { PROVIDER_IDS, settingPrefix } from '../../src/core/request.ts'

const PROVIDER_KEYS = PROVIDER_IDS.map((id) => `${settingPrefix(id)}_API_KEY`)
const ASKED = ['ADMIN_TOKEN', 'SIGNING_SECRET', ...PROVIDER_KEYS]

const example = parseEnv(await readFile('.dev.vars.example', 'utf8'))
const project = JSON.parse(await readFile('package.json', 'utf8')) as {
  scripts: Record<string, string>
  cloudflare: { bindings: Record<string, { description: string }> }
}

it('asks for the secrets, and suggests none', () => {
  expect(Object.keys(example).sort()).toEqual([...ASKED].sort())
  expect(Object.values(example).join('')).toBe('')
})

it('describes everything that it asks for or makes', () => {
  const described = Object.keys(project.cloudflare.bindings)
  expect(described.sort()).toEqual([...ASKED, 'DB', 'OUTPUTS'].sort())
})

it('finds nothing of one account in the configuration, and no secret', async () => {
  const config = unstable_readConfig({ config: 'wrangler.toml' })
  expect(config.d1_databases).toMatchObject([{ binding: 'DB', database_name: 'imagegate' }])
  const text = await readFile('wrangler.toml', 'utf8')
  expect(text).not.toMatch(/database_id|account_id|^\[vars\]/m)
})

it('deploys by the script that makes the database before it migrates', () => {
  expect(project.scripts.deploy).toBe('node local/deploy.ts')
})

it('explains each provider’s settings, and gives them to a local gateway', async () => {
  const readme = await readFile('README.md', 'utf8')
  const local = parseEnv(await readFile('local/dev.vars', 'utf8'))
  for (const [position, name] of PROVIDER_KEYS.entries()) {
    expect(readme).toContain(`\`${name}\``)
    expect(local[name]).toBe('sk-sandbox')
    const path = `/${PROVIDER_IDS[position]}`
    expect(new URL(local[name.replace('API_KEY', 'BASE_URL')] ?? '').pathname).toBe(path)
  }
})

it('has local settings whose secrets are marked as examples', async () => {
  const local = parseEnv(await readFile('local/dev.vars', 'utf8'))
  for (const name of ['ADMIN_TOKEN', 'SIGNING_SECRET'])
    expect(local[name]).toMatch(/-not-for-production$/)
})
