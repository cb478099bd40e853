/** What the local commands draw in a terminal. */

/** One line per name, redrawn in place in a terminal, or one line per change in a log. */
export class Progress {
  readonly #names: string[]
  readonly #states = new Map<string, string>()
  readonly #startedAt = Date.now()
  #isDrawn = false

  constructor(names: string[]) {
    this.#names = names
  }

  show(name: string, state: string): void {
    const isNews = this.#states.get(name) !== state
    this.#states.set(name, state)
    if (process.stdout.isTTY) this.#draw()
    else if (isNews) console.log(`  ${this.#line(name)}`)
  }

  #draw(): void {
    if (this.#isDrawn) process.stdout.write(`\x1b[${this.#names.length}A`)
    for (const name of this.#names) process.stdout.write(`\x1b[2K  ${this.#line(name)}\n`)
    this.#isDrawn = true
  }

  #line(name: string): string {
    const seconds = ((Date.now() - this.#startedAt) / 1000).toFixed(1).padStart(5)
    const width = Math.max(...this.#names.map((other) => other.length))
    return `${seconds} s  ${name.padEnd(width)}  ${this.#states.get(name) ?? ''}`
  }
}

/** Rows of cells as aligned text; the first row is the header. */
export function formatTable(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}
