/**
 * The tables of the README's section "Break it", written from the vocabulary.
 *
 * The test fails when they are not what the code says; `npx vitest -u --project node` writes them.
 */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { FAULTS, MANNERS } from '../../../sandbox/vocabulary.ts'

type Words = Record<string, { values: readonly string[]; meaning: string }>

it('has every word of the vocabulary', async () => {
  const readme = await readFile('README.md', 'utf8')
  const withFaults = withTable(readme, '| fault | values | what happens |', FAULTS)
  const wanted = withTable(withFaults, '| manner | values | what is odd |', MANNERS)
  await expect(wanted).toMatchFileSnapshot('../../../README.md')
})

/** The README with a table of these words under this title, in the place of the one it has. */
function withTable(readme: string, title: string, words: Words): string {
  const start = readme.indexOf(title)
  expect(start).toBeGreaterThan(readme.indexOf('## Break it'))
  const end = readme.indexOf('\n\n', start)
  const rows = Object.entries(words).map(row)
  return readme.slice(0, start) + [title, '|---|---|---|', ...rows].join('\n') + readme.slice(end)
}

function row([key, { values, meaning }]: [string, Words[string]]): string {
  return `| \`${key}\` | ${values.map((value) => `\`${value}\``).join(' ')} | ${meaning} |`
}
