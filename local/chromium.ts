/** Debian's Chromium without a window, or the one that `CHROMIUM` names: for tests, pictures and figures of the page. */
import { type Browser, chromium } from 'playwright-core'

/** Neither a sandbox, which root can't have, nor anything that talks to the outside. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
]

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
  })
}
