/**
 * The job book on disk: one line of JSON for each thing that the sandbox must remember.
 *
 * Invariant: a line is with the operating system before the answer that depends on it is sent, so
 * a process that is killed forgets nothing that it answered. Pictures are not kept: they are drawn
 * again from their job.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Entry, Journal } from './jobs.ts'

export function openJournal(file: string): Journal {
  mkdirSync(dirname(file), { recursive: true })
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  // What follows the last line break was cut off while it was written, before it was answered.
  const end = text.lastIndexOf('\n') + 1
  if (end < text.length) appendFileSync(file, '\n')
  const lines = text.slice(0, end).split('\n')
  return {
    entries: lines.flatMap(readEntry),
    write: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`),
  }
}

/** A line that was cut off at an earlier start is none. */
function readEntry(line: string): Entry[] {
  try {
    return [JSON.parse(line) as Entry]
  } catch {
    return []
  }
}
