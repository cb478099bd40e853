/** The licences of what is installed, and that a licence which is not allowed is seen. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { type Lock, readDependencies } from '../../local/licences.ts'

const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lock

it('allows every dependency of the lock file', () => {
  const dependencies = readDependencies(lock)
  expect(dependencies.length).toBeGreaterThan(50)
  expect(dependencies.filter(({ isAllowed }) => !isAllowed)).toEqual([])
})

it.each([
  ['MIT', false, true],
  ['MIT OR GPL-3.0-only', false, true],
  ['(MIT OR CC0-1.0)', false, true],
  ['MIT AND GPL-3.0-only', true, false],
  ['MPL-2.0', false, false],
  ['MPL-2.0', true, true],
  ['AGPL-3.0-only', true, false],
  [undefined, true, false],
])('%s of a tool: %s is allowed: %s', (license, dev, isAllowed) => {
  const one = license === undefined ? { dev } : { license, dev }
  const [dependency] = readDependencies({ packages: { '': {}, 'node_modules/one': one } })
  expect(dependency).toMatchObject({ name: 'one', isTool: dev, isAllowed })
})
