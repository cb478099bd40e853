/** When a page is opened in a browser, and by which command. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openerOf, openInBrowser, type Surroundings } from '../../local/browser.ts'

const ADDRESS = 'http://127.0.0.1:8787/#key=ig_1'
const DISPLAY = { DISPLAY: ':0' }

const surroundings = (
  platform: NodeJS.Platform,
  environment: Surroundings['environment'] = {},
  isTerminal = true,
): Surroundings => ({ platform, environment, isTerminal })

it.each([
  { at: surroundings('darwin'), command: 'open' },
  { at: surroundings('win32'), command: 'cmd' },
  { at: surroundings('linux', DISPLAY), command: 'xdg-open' },
  { at: surroundings('linux', { WAYLAND_DISPLAY: 'wayland-0' }), command: 'xdg-open' },
  {
    at: surroundings('linux', { ...DISPLAY, SSH_CONNECTION: '::1 1 ::1 22' }),
    command: 'xdg-open',
  },
  { at: surroundings('linux', { ...DISPLAY, CI: 'false' }), command: 'xdg-open' },
  { at: surroundings('linux'), command: undefined },
  { at: surroundings('linux', { DISPLAY: '' }), command: undefined },
  { at: surroundings('linux', { ...DISPLAY, CI: 'true' }), command: undefined },
  { at: surroundings('linux', DISPLAY, false), command: undefined },
  { at: surroundings('darwin', { SSH_CONNECTION: '::1 1 ::1 22' }), command: undefined },
  { at: surroundings('win32', { SSH_TTY: 'windows-pty' }), command: undefined },
  { at: surroundings('freebsd', DISPLAY), command: undefined },
])('is $command for $at', ({ at, command }) => {
  expect(openerOf(at)?.command).toBe(command)
})

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imagegate-browser-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** A desktop whose opener is this script, and where the file that it writes is. */
async function desktop(script: string): Promise<Surroundings> {
  await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return surroundings('linux', { ...DISPLAY, PATH: `${folder}:${process.env.PATH}` })
}

it('hands the address to the opener, and knows whether it took it', async () => {
  const seen = join(folder, 'seen')
  expect(await openInBrowser(ADDRESS, await desktop(`printf %s "$*" > ${seen}`))).toBe(true)
  expect(await readFile(seen, 'utf8')).toBe(ADDRESS)
  expect(await openInBrowser(ADDRESS, await desktop('exit 3'))).toBe(false)
})

it('does not wait for a browser that stays', async () => {
  expect(await openInBrowser(ADDRESS, await desktop('exec sleep 4'))).toBe(true)
})

it('says nothing where there is no opener', async () => {
  expect(
    await openInBrowser(ADDRESS, surroundings('linux', { ...DISPLAY, PATH: '/nowhere' })),
  ).toBe(false)
})
