/**
 * `npm run release -- minor` (or major, patch): checks everything, then makes the commit and the tag of a new
 * version. It pushes nothing. `--dry-run` stops before the first change.
 *
 * The version stands in package.json and that of the client's package; everything else reads it from there.
 */
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { Obstacle, runCommand, type Step, takeSteps } from './deployment/steps.ts'
import { nextVersion, PARTS, readUnreleased, releaseChangelog } from './release/version.ts'

const CHANGELOG = 'CHANGELOG.md'
/** Where the address of the public repository is still to be written. */
const PLACEHOLDER = 'github.com/OWNER/'
const CLIENT = 'client/package.json'

await runCommand(release)

async function release(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const part = PARTS.find((known) => known === positionals[0])
  if (!part) throw new Obstacle('Which part of the version grows?', 'npm run release -- minor')
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
  const next = nextVersion(version, part)

  const steps: Step[] = [
    {
      title: 'Look at the checkout',
      why: 'A release is exactly what is committed on main, and says what is new.',
      would: 'refuse a branch, uncommitted changes, an empty "Unreleased" and a missing address',
      run: checkCheckout,
    },
    check('check', 'Format, lint, types, bundle and every test.'),
    check('licences', 'Every dependency has a licence that is allowed here.'),
    check('vulnerabilities', 'No dependency has a known vulnerability that is high or critical.'),
    {
      title: `Make ${next}`,
      why: 'The version of the gateway and of its client, the changelog, a commit and a tag.',
      would: `commit and tag v${next}`,
      run: () => commitVersion(next),
    },
  ]
  await takeSteps(steps, values['dry-run'])
  console.log(
    '\nNext, when you are sure: git push --follow-tags, and for npm: npm publish ./client',
  )
}

function check(script: string, why: string): Step {
  return {
    title: `npm run ${script}`,
    why,
    would: 'run it',
    run: async () => {
      try {
        execFileSync('npm', ['run', '--silent', script], { stdio: 'inherit' })
        return 'Passed.'
      } catch {
        throw new Obstacle(`npm run ${script} failed.`, 'Mend what it says above.')
      }
    },
  }
}

async function checkCheckout(): Promise<string> {
  const branch = git('branch', '--show-current')
  if (branch !== 'main') throw new Obstacle(`This is ${branch}.`, 'Release from main.')
  if (git('status', '--porcelain') !== '')
    throw new Obstacle('There are uncommitted changes.', 'Commit them or put them away.')
  if (readUnreleased(await readFile(CHANGELOG, 'utf8')) === '')
    throw new Obstacle(`"Unreleased" in ${CHANGELOG} is empty.`, 'Write what is new.')
  for (const file of ['README.md', CLIENT]) {
    if ((await readFile(file, 'utf8')).includes(PLACEHOLDER))
      throw new Obstacle(
        `${file} leads to ${PLACEHOLDER}…, which is nowhere.`,
        'Write the address of the public repository there.',
      )
  }
  return `${git('rev-parse', '--short', 'HEAD')} on main, clean.`
}

async function commitVersion(next: string): Promise<string> {
  for (const cwd of ['.', dirname(CLIENT)])
    execFileSync('npm', ['version', next, '--no-git-tag-version'], { cwd, stdio: 'ignore' })
  const today = new Date().toISOString().slice(0, 10)
  await writeFile(CHANGELOG, releaseChangelog(await readFile(CHANGELOG, 'utf8'), next, today))
  git('add', 'package.json', 'package-lock.json', CLIENT, CHANGELOG)
  git('commit', '--quiet', '--message', `Version ${next}`)
  git('tag', '--annotate', `v${next}`, '--message', `Version ${next}`)
  return `Tagged v${next}.`
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim()
}
