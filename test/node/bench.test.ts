/** What the bench does with figures; that it counts right is seen by running it. */
import { expect, it } from 'vitest'
import { compareWithBudget } from '../../bench/check.ts'
import { exact, timed } from '../../bench/row.ts'
import { placeTable } from '../../bench/tables.ts'

const BUDGET = { task: { 'round trips': 10, 'queries a second': 100 } }

it.each([
  { figure: exact('round trips', 10, '', null), rose: 0, fell: 0 },
  { figure: exact('round trips', 11, '', null), rose: 1, fell: 0 },
  { figure: exact('round trips', 9, '', null), rose: 0, fell: 1 },
  { figure: timed('queries a second', 190, '', null), rose: 0, fell: 0 },
  { figure: timed('queries a second', 210, '', null), rose: 1, fell: 0 },
  { figure: timed('queries a second', 49, '', null), rose: 0, fell: 1 },
  { figure: exact('alarms', 0, '', null), rose: 1, fell: 0 },
])('compares $figure.name of $figure.value with the budget', ({ figure, rose, fell }) => {
  const compared = compareWithBudget(new Map([['task', [figure]]]), BUDGET)
  expect([compared.rose.length, compared.fell.length]).toEqual([rose, fell])
})

it('names what rose', () => {
  const measured = new Map([['task', [exact('round trips', 11, '', null)]]])
  expect(compareWithBudget(measured, BUDGET).rose[0]).toContain('task, round trips: 11; 10')
})

it('writes a table anew and keeps what a person wrote', () => {
  const text = 'Before\n<!-- figures of task -->\n<!-- end -->\nAfter\n'
  const row = { name: 'task' }
  const first = placeTable(text, [row, [exact('trips', 21, '', 10)]], 'Measured today.') ?? ''
  expect(first).toContain('| trips | ≤ 10 | **21** |  |')
  const explained = first.replace('**21** |  |', '**21** | two loads too many |')
  const second = placeTable(explained, [row, [exact('trips', 9, '', 10)]], 'Measured later.') ?? ''
  expect(second).toContain('| trips | ≤ 10 | 9 | two loads too many |')
  expect(second).toMatch(/^Before\n.*Measured later\..*After\n$/s)
  expect(second).not.toContain('Measured today.')
})

it('finds no place where there is none', () => {
  expect(placeTable('No mark', [{ name: 'task' }, []], '')).toBeNull()
})
