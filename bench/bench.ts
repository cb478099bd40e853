/**
 * `npm run bench`: what a picture costs and how many can be in flight, measured from outside.
 *
 *   npm run bench                   everything; writes bench/results/ and docs/performance.md
 *   npm run bench -- <row> …        only these, printed; with --write their tables too
 *   npm run bench -- --check        only the counts, against bench/budget.json
 *   npm run bench -- --budget       the counts as they are become the budget
 */
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { formatTable } from '../local/terminal.ts'
import { compareWithBudget, type Measured, readBudget, writeBudget } from './check.ts'
import { keepFilesInMemory } from './memory-files.ts'
import { type Figure, isReached, type Row } from './row.ts'
import { ROWS } from './rows.ts'
import { writeTables } from './tables.ts'

const RESULTS_FOLDER = 'bench/results'
const ROW_LIMIT_MS = 10 * 60_000

const words = process.argv.slice(2)
const startedAt = Date.now()
keepFilesInMemory()
if (words.includes('--check')) await check()
else if (words.includes('--budget')) await renewBudget()
else if (words.length > 0) {
  const names = words.filter((word) => word !== '--write')
  await measureNamed(names, names.length < words.length)
} else await measureAll()
process.exit()

async function check(): Promise<void> {
  const { rose, fell } = compareWithBudget(await count(), await readBudget())
  for (const sentence of fell) console.log(sentence)
  for (const sentence of rose) console.error(sentence)
  if (rose.length > 0) process.exitCode = 1
  else if (!process.exitCode) console.log('No task costs more than its budget.')
}

/** A budget with a row missing would permit nothing of it. */
async function renewBudget(): Promise<void> {
  const counts = await count()
  if (!process.exitCode) await writeBudget(counts)
}

/** Plain counts all at once: how long they take does not matter to them. */
async function count(): Promise<Measured> {
  const counts = new Map<string, Figure[]>()
  const add = async (row: Row) => {
    const figures = await tryMeasure(row, false)
    if (figures) counts.set(row.name, figures)
  }
  await Promise.all(ROWS.filter(({ kind }) => kind === 'count').map(add))
  for (const row of ROWS.filter(({ kind }) => kind === 'count under load')) await add(row)
  // In the order of the tables, whichever was first.
  const order = ROWS.map(({ name }) => name)
  return new Map([...counts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)))
}

async function measureNamed(names: readonly string[], isWritten: boolean): Promise<void> {
  const unknown = names.filter((name) => !ROWS.some((row) => row.name === name))
  if (unknown.length > 0) {
    const known = ROWS.map(({ name }) => name).join(', ')
    console.error(`There is no row ${unknown.join(', ')}. There are: ${known}.`)
    process.exitCode = 1
    return
  }
  const measured = await measureRows(ROWS.filter(({ name }) => names.includes(name)))
  if (isWritten) await writeTables([...measured], sourceLine())
}

async function measureAll(): Promise<void> {
  const measured = await measureRows(ROWS)
  const workerd = JSON.parse(await readFile('node_modules/workerd/package.json', 'utf8')).version
  const versions = { node: process.version, workerd: String(workerd) }
  const processors = cpus().length
  const rows = Object.fromEntries([...measured].map(([row, figures]) => [row.name, figures]))
  const results = { date: today(), commit: commit(), ...versions, processors, rows }
  await mkdir(RESULTS_FOLDER, { recursive: true })
  await writeFile(`${RESULTS_FOLDER}/${today()}.json`, `${JSON.stringify(results, null, 2)}\n`)
  await writeTables([...measured], sourceLine())
}

/** One row after the other. A row that fails, or has no figures, is left out. */
async function measureRows(rows: readonly Row[]): Promise<Map<Row, Figure[]>> {
  const measured = new Map<Row, Figure[]>()
  for (const row of rows) {
    const figures = await tryMeasure(row, true)
    if (!figures?.length) continue
    measured.set(row, figures)
    print(row, figures)
  }
  return measured
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

/** What was measured; what the bench itself writes does not make it another. */
function commit(): string {
  const git = (...input: string[]) => execFileSync('git', input, { encoding: 'utf8' }).trim()
  const changes = git('status', '--porcelain', '--', '.', ':!docs', `:!${RESULTS_FOLDER}`)
  return git('rev-parse', '--short', 'HEAD') + (changes === '' ? '' : '-dirty')
}

function sourceLine(): string {
  return `Measured ${today()} at \`${commit()}\`.`
}

/** Null, and exit code 1, when it fails: the other rows go on. */
async function tryMeasure(row: Row, isFull: boolean): Promise<Figure[] | null> {
  try {
    return await measure(row, isFull)
  } catch (error) {
    console.error(`${row.name} failed:`, error)
    process.exitCode = 1
    return null
  }
}

async function measure(row: Row, isFull: boolean): Promise<Figure[]> {
  say(row, 'begins')
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('It took too long.')), ROW_LIMIT_MS)
  const extent = { isFull, say: (progress: string) => say(row, progress) }
  try {
    return await Promise.race([row.measure(extent), tooLong])
  } finally {
    clearTimeout(timer)
    say(row, 'ends')
  }
}

function say({ name }: Row, progress: string): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0).padStart(4)
  console.log(`${seconds} s  ${name}: ${progress}`)
}

function print(row: Row, figures: readonly Figure[]): void {
  const lines = figures.map((figure) => {
    const { name, value, unit, goal } = figure
    const wanted = goal === null ? '' : 'most' in goal ? `≤ ${goal.most}` : `≥ ${goal.least}`
    return [name, `${value} ${unit}`.trim(), wanted, isReached(figure) ? '' : 'missed']
  })
  console.log(`\n${row.title}\n\n${formatTable([['what', 'figure', 'goal', ''], ...lines])}\n`)
}
