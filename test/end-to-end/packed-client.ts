/** The client as others get it: packed, and installed in a project that has nothing else. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)

export interface Packed {
  /** Folder of the project. */
  project: string
  /** What is in the package. */
  files: string[]
}

/** @param folder that is not there yet */
export async function installPackedClient(folder: string): Promise<Packed> {
  await mkdir(folder)
  const packed = await npm(ROOT, 'pack', './client', '--json', '--pack-destination', folder)
  const list: unknown = JSON.parse(packed.slice(packed.indexOf('[')))
  const [{ filename, files }] = list as [{ filename: string; files: Array<{ path: string }> }]
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await npm(folder, 'install', '--offline', '--ignore-scripts', '--no-audit', filename)
  return { project: folder, files: files.map(({ path }) => path) }
}

/** Without what an npm around the tests says to npms inside. */
async function npm(cwd: string, ...args: string[]): Promise<string> {
  const env = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))
  return (await run('npm', args, { cwd, env: Object.fromEntries(env) })).stdout
}

/** The first TypeScript of a text. */
export async function sampleIn(file: string): Promise<string> {
  return /```ts\n([\s\S]*?)```/.exec(await readFile(join(ROOT, file), 'utf8'))?.[1] ?? ''
}

/**
 * Checks a file of the project and writes it as JavaScript.
 *
 * @throws Error with the compiler's complaints
 */
export async function compile(project: string, file: string, lib: string, types: string) {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes']
  const target = ['--target', 'es2022', '--module', 'nodenext', '--lib', lib]
  const typeRoots = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', types]
  const args = [tsc, '--ignoreConfig', ...strict, ...target, ...typeRoots, file]
  await run(process.execPath, args, { cwd: project }).catch((error: { stdout: string }) => {
    throw new Error(error.stdout)
  })
}

/** A file of the project and all that it imports as one script, whose exports are `name`'s fields. */
export async function bundleForBrowsers(project: string, file: string, name: string) {
  const { outputFiles } = await build({
    entryPoints: [join(project, file)],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: name,
  })
  return outputFiles[0]?.text ?? ''
}

/** Each version of Node on this machine with its path. */
export async function nodesOfThisMachine(): Promise<Array<[string, string]>> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = folders.map((folder) => join(folder, 'node')).filter((path) => existsSync(path))
  const versions = await Promise.all(
    [process.execPath, ...paths].map(async (path): Promise<[string, string]> => {
      return [(await run(path, ['--version'])).stdout.trim(), path]
    }),
  )
  return [...new Map(versions)]
}
