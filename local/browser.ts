/** Opens a page in the browser of whoever runs a command, where one is at hand. */
import { spawn } from 'node:child_process'

/** What decides whether somebody would see a window that opens. */
export interface Surroundings {
  platform: NodeJS.Platform
  isTerminal: boolean
  environment: Readonly<Record<string, string | undefined>>
}

export interface Opener {
  command: string
  /** The address comes after these. */
  options: readonly string[]
}

/** An opener that has not failed after so long has started a browser and waits for it. */
const PATIENCE_MS = 1500

export const here: Surroundings = {
  platform: process.platform,
  isTerminal: process.stdout.isTTY === true,
  environment: process.env,
}

/** What opens an address here; null where no window would open, or nobody would see it. */
export function openerOf({ platform, isTerminal, environment }: Surroundings): Opener | null {
  const { CI, SSH_CONNECTION, SSH_TTY, DISPLAY, WAYLAND_DISPLAY } = environment
  const hasDisplay = Boolean(DISPLAY || WAYLAND_DISPLAY)
  if (!isTerminal || (CI && CI !== 'false')) return null
  if ((SSH_CONNECTION || SSH_TTY) && !hasDisplay) return null
  if (platform === 'darwin') return { command: 'open', options: [] }
  // What comes first in quotes is the title of the window, for `start`.
  if (platform === 'win32') return { command: 'cmd', options: ['/c', 'start', '""'] }
  return platform === 'linux' && hasDisplay ? { command: 'xdg-open', options: [] } : null
}

/**
 * Opens the address where that can be seen.
 *
 * @returns whether it was opened, as far as can be known. Never throws.
 */
export function openInBrowser(address: string, surroundings = here): Promise<boolean> {
  const opener = openerOf(surroundings)
  if (!opener) return Promise.resolve(false)
  return new Promise((resolve) => {
    // In a session of its own, so that the Ctrl-C that ends the command leaves the browser alone.
    const child = spawn(opener.command, [...opener.options, address], {
      env: surroundings.environment,
      stdio: 'ignore',
      detached: true,
      windowsVerbatimArguments: true,
    })
    child.unref()
    const timer = setTimeout(() => resolve(true), PATIENCE_MS)
    const end = (isOpened: boolean) => {
      clearTimeout(timer)
      resolve(isOpened)
    }
    child.once('error', () => end(false))
    child.once('exit', (code) => end(code === 0))
  })
}
