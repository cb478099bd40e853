/**
 * `npm run bench -- --check`: no kind of task may cost more than `budget.json` permits.
 *
 * A figure that fell is said too, so that the budget can follow it; `--budget` writes it anew.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Figure } from './row.ts'

const FILE = join(import.meta.dirname, 'budget.json')
/** What depends on timing may be so many times as much: a machine that checks is busy. */
const SLACK = 2

/** Row → figure → the most that is permitted. */
export type Budget = Record<string, Record<string, number>>
export type Measured = ReadonlyMap<string, readonly Figure[]>

export async function writeBudget(measured: Measured): Promise<void> {
  const budget: Budget = Object.fromEntries(
    [...measured].map(([row, figures]) => [
      row,
      Object.fromEntries(figures.map(({ name, value }) => [name, value])),
    ]),
  )
  await writeFile(FILE, `${JSON.stringify(budget, null, 2)}\n`)
}

export async function readBudget(): Promise<Budget> {
  return JSON.parse(await readFile(FILE, 'utf8'))
}

/** @returns sentences that name what rose, and those that name what fell. */
export function compareWithBudget(
  measured: Measured,
  budget: Budget,
): { rose: string[]; fell: string[] } {
  const rose: string[] = []
  const fell: string[] = []
  for (const [row, figures] of measured) {
    for (const { name, value, isExact } of figures) {
      const permitted = budget[row]?.[name]
      const slack = isExact ? 1 : SLACK
      if (permitted === undefined) {
        rose.push(
          `${row}, ${name}: ${value}, but bench/budget.json does not say what is permitted.`,
        )
      } else if (value > permitted * slack) {
        rose.push(`${row}, ${name}: ${value}; ${permitted} is permitted by bench/budget.json.`)
      } else if (value * slack < permitted) {
        fell.push(
          `${row}, ${name}: ${value}; ${permitted} is permitted. The budget can be tightened.`,
        )
      }
    }
  }
  return { rose, fell }
}
