/**
 * `npm run licences`: the licence of every dependency in the lock file, checked against what is allowed.
 *
 * What is bundled into the Worker must be permissive. Tools may also be under licences that bind only
 * whoever passes the tool itself on.
 */
import { readFile } from 'node:fs/promises'
import { formatTable } from './terminal.ts'

const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]
const FOR_TOOLS = [
  ...PERMISSIVE,
  'BlueOak-1.0.0',
  'LGPL-3.0-or-later',
  'MPL-2.0',
  'OFL-1.1',
  'Python-2.0',
]

export interface Lock {
  packages: Record<string, { license?: string; dev?: boolean; devOptional?: boolean }>
}

export interface Dependency {
  name: string
  licence: string
  isTool: boolean
  isAllowed: boolean
}

/** Every dependency, whether it comes with the Worker or only with the tools. */
export function readDependencies(lock: Lock): Dependency[] {
  return Object.entries(lock.packages)
    .filter(([path]) => path.includes('node_modules/'))
    .map(([path, { license: licence = 'none', dev, devOptional }]) => {
      const isTool = Boolean(dev || devOptional)
      const isAllowed = isSatisfied(licence, isTool ? FOR_TOOLS : PERMISSIVE)
      return { name: path.split('node_modules/').at(-1) ?? path, licence, isTool, isAllowed }
    })
}

/** An SPDX expression without brackets inside: of an OR one is enough, of an AND all are needed. */
function isSatisfied(expression: string, allowed: readonly string[]): boolean {
  const bare = expression.replace(/^\((.*)\)$/, '$1')
  return bare
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.includes(licence)))
}

function countByLicence(dependencies: Dependency[]): string[][] {
  const rows = new Map<string, [number, number]>()
  for (const { licence, isTool } of dependencies) {
    const [worker, tools] = rows.get(licence) ?? [0, 0]
    rows.set(licence, isTool ? [worker, tools + 1] : [worker + 1, tools])
  }
  return [...rows].sort().map(([licence, counts]) => [licence, ...counts.map(String)])
}

if (process.argv[1] === import.meta.filename) {
  const dependencies = readDependencies(
    JSON.parse(await readFile('package-lock.json', 'utf8')) as Lock,
  )
  console.log(formatTable([['licence', 'in the Worker', 'tools'], ...countByLicence(dependencies)]))
  const refused = dependencies.filter(({ isAllowed }) => !isAllowed)
  for (const { name, licence } of refused)
    console.error(`\n✗ ${name}: ${licence} is not allowed here.`)
  if (refused.length > 0) process.exitCode = 1
}
