/**
 * Switches a guard off while the gateway is bundled.
 *
 * Invariant: a guard is found by its name, once, or it is an error; so none is thought to be needless
 * because it has moved.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transform } from 'esbuild'
import type { SourceGuard } from './guard.ts'

const ROOT = join(import.meta.dirname, '../../..')
const GUARDS_FILE = join(import.meta.dirname, 'guards.ts')

/**
 * The guard's file as JavaScript, with the guard switched off: a constant has its other value; a
 * function is renamed, and another one under its name asks the guard's table what to do.
 */
export async function readSwitchedOff({
  guard,
  file,
  name,
  instead,
}: SourceGuard): Promise<string> {
  // esbuild writes each declaration at the beginning of a line, whatever it looked like before.
  const { code } = await transform(await readFile(join(ROOT, file), 'utf8'), { loader: 'ts' })
  if (typeof instead === 'number') {
    const constant = new RegExp(`^((?:export )?const ${name} = ).*;$`, 'gm')
    return replaceOnce(code, constant, `$1${instead};`, `${file}: no constant ${name} in one line`)
  }
  const declared = new RegExp(
    `^(?:export )?((?:async )?function\\*? |(?:const|let) )${name}(?=\\(| = )`,
    'gm',
  )
  const renamed = replaceOnce(code, declared, `$1${name}$original`, `${file}: no function ${name}`)
  const isExported = new RegExp(`^export .*\\b${name}\\b`, 'm').test(code)
  return `${renamed}
import { GUARDS as guards$table } from ${JSON.stringify(GUARDS_FILE)};
${isExported ? 'export ' : ''}function ${name}(...values) {
  const { instead } = guards$table.find(({ guard }) => guard === ${JSON.stringify(guard)});
  return instead(${name}$original)(...values);
}
`
}

/** The migrations, with the index of the guard no longer unique. */
export function withoutIndex(migrations: readonly string[], index: string): string[] {
  const unique = new RegExp(`CREATE UNIQUE INDEX (?=[\`"]?${index}\\b)`, 'g')
  if (!migrations.some((text) => text.match(unique))) throw new Error(`no unique index ${index}`)
  return migrations.map((text) => text.replace(unique, 'CREATE INDEX '))
}

function replaceOnce(text: string, what: RegExp, by: string, complaint: string): string {
  if (text.match(what)?.length !== 1) throw new Error(complaint)
  return text.replace(what, by)
}
