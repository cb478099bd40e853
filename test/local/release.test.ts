/** `npm run release` in a repository of its own, whose checks are played by scripts that pass or fail. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextVersion, readUnreleased, releaseChangelog } from '../../local/release/version.ts'

const SCRIPT = join(import.meta.dirname, '../../local/release.ts')
const CLIENT = 'client/package.json'
const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n- A bell.\n\n## 0.1.0 (2026-01-01)\n\n- A door.\n'

let folder: string

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()

async function write(scripts: Record<string, string> = {}): Promise<void> {
  const passing = { check: 'true', licences: 'true', vulnerabilities: 'true' }
  const project = { name: 'x', version: '0.1.0', scripts: { ...passing, ...scripts } }
  const lock = {
    name: 'x',
    version: '0.1.0',
    lockfileVersion: 3,
    packages: { '': { version: '0.1.0' } },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(project))
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock))
  await writeFile(join(folder, 'CHANGELOG.md'), CHANGELOG)
  await writeFile(join(folder, 'README.md'), 'url=https://github.com/ann/imagegate')
  await writeFile(join(folder, CLIENT), JSON.stringify({ name: 'y', version: '0.1.0' }))
}

function commit(): void {
  git('add', '.')
  git('commit', '--quiet', '--message', 'All')
}

function release(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imagegate-release-'))
  git('init', '--quiet', '--initial-branch', 'main')
  git('config', 'user.name', 'Test')
  git('config', 'user.email', 'test@example.com')
  await mkdir(join(folder, 'client'))
  await write()
})

afterEach(() => rm(folder, { recursive: true, force: true }))

it('makes a version, a changelog entry, a commit and a tag, and pushes nothing', async () => {
  commit()
  const { status, output } = release('minor')
  expect(status, output).toBe(0)
  for (const file of ['package.json', 'package-lock.json', CLIENT])
    expect(JSON.parse(await readFile(join(folder, file), 'utf8'))).toMatchObject({
      version: '0.2.0',
    })
  const changelog = await readFile(join(folder, 'CHANGELOG.md'), 'utf8')
  expect(changelog).toMatch(/## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n- A bell\./)
  expect(git('tag', '--points-at', 'HEAD')).toBe('v0.2.0')
  expect(git('status', '--porcelain')).toBe('')
})

describe('refuses, and changes nothing,', () => {
  afterEach(() => expect(git('tag')).toBe(''))

  it.each(['check', 'licences', 'vulnerabilities'])('when %s fails', async (script) => {
    await write({ [script]: 'false' })
    commit()
    const { status, output } = release('patch')
    expect(status).toBe(1)
    expect(output).toContain(`npm run ${script} failed.`)
    expect(git('status', '--porcelain')).toBe('')
  })

  it('uncommitted changes', async () => {
    commit()
    await writeFile(join(folder, 'README.md'), 'changed')
    expect(release('patch').output).toContain('uncommitted changes')
  })

  it('another branch', () => {
    commit()
    git('checkout', '--quiet', '-b', 'draft')
    expect(release('patch').output).toContain('Release from main.')
  })

  it('a changelog that says nothing new', async () => {
    await writeFile(join(folder, 'CHANGELOG.md'), CHANGELOG.replace('- A bell.\n', ''))
    commit()
    expect(release('patch').output).toContain('Write what is new.')
  })

  it.each(['README.md', CLIENT])('%s that leads nowhere', async (file) => {
    await writeFile(join(folder, file), 'url=https://github.com/OWNER/imagegate')
    commit()
    expect(release('patch').output).toContain('address of the public repository')
  })

  it('a part that is none, and a dry run', () => {
    commit()
    expect(release('huge').status).toBe(1)
    expect(release('minor', '--dry-run').status).toBe(0)
  })
})

describe('a version', () => {
  it.each([
    ['0.1.3', 'patch', '0.1.4'],
    ['0.1.3', 'minor', '0.2.0'],
    ['0.1.3', 'major', '1.0.0'],
  ] as const)('%s, %s, is %s', (version, part, next) =>
    expect(nextVersion(version, part)).toBe(next),
  )

  it('leaves nothing unreleased behind', () => {
    expect(readUnreleased(CHANGELOG)).toBe('- A bell.')
    expect(readUnreleased(releaseChangelog(CHANGELOG, '0.2.0', '2026-02-01'))).toBe('')
  })
})
