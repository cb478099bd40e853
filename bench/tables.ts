/**
 * The tables of `docs/performance.md` and `docs/scaling.md`, between their marks: goal and figure
 * are written anew, what a person wrote in the last column stays.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { type Figure, isReached, type Row } from './row.ts'

const FILES = ['docs/performance.md', 'docs/scaling.md']
const HEAD = '| what | goal | figure | if missed: why, and what would close it |\n|---|---|---|---|'

type Table = readonly [row: Pick<Row, 'name'>, figures: readonly Figure[]]

/** @param source which commit was measured when, for the line above each table. */
export async function writeTables(tables: readonly Table[], source: string): Promise<void> {
  const placed = new Set<string>()
  for (const file of FILES) {
    let text = await readFile(file, 'utf8')
    for (const table of tables) {
      const changed = placeTable(text, table, source)
      if (changed === null) continue
      text = changed
      placed.add(table[0].name)
    }
    await writeFile(file, text)
  }
  const lost = tables.map(([{ name }]) => name).filter((name) => !placed.has(name))
  if (lost.length > 0) throw new Error(`No document has a place for the figures of ${lost}.`)
}

/** The text with the table at its mark; null when it has no place for it. */
export function placeTable(text: string, [row, figures]: Table, source: string): string | null {
  const marked = new RegExp(`(<!-- figures of ${row.name} -->\n)([^]*?)(<!-- end -->)`)
  if (!marked.test(text)) return null
  return text.replace(marked, (_, begin: string, old: string, end: string) => {
    const reasons = readReasons(old)
    const lines = figures.map((figure) => lineOf(figure, reasons.get(figure.name) ?? ''))
    return `${begin}${source}\n\n${HEAD}\n${lines.join('\n')}\n\n${end}`
  })
}

function lineOf(figure: Figure, reason: string): string {
  const { name, value, unit } = figure
  const shown = `${value.toLocaleString('en')}${unit && ` ${unit}`}`
  const emphasis = isReached(figure) ? shown : `**${shown}**`
  return `| ${name} | ${showGoal(figure)} | ${emphasis} | ${reason} |`
}

function showGoal({ goal, unit }: Figure): string {
  if (!goal) return ''
  const [sign, value] = 'most' in goal ? ['≤', goal.most] : ['≥', goal.least]
  return `${sign} ${value.toLocaleString('en')}${unit && ` ${unit}`}`
}

/** Figure → what a person wrote beside it. */
function readReasons(table: string): Map<string, string> {
  const lines = table.split('\n').filter((line) => line.startsWith('| '))
  return new Map(
    lines.map((line) => {
      const cells = line.split('|').map((cell) => cell.trim())
      return [cells[1] ?? '', cells[4] ?? '']
    }),
  )
}
