/** The page's first load: what its scripts weigh, and how soon there is a picture. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { BrowserContext } from 'playwright-core'
import { ASSETS_FOLDER } from '../local/build-assets.ts'

const KIB = 1024

export const SCRIPT_GOAL_KIB = 80
export const FIRST_PICTURE_GOAL_SECONDS = 1

/** Of the scripts that the page names, compressed, in KiB; others come to those who open them. */
export async function firstLoadScriptKib(): Promise<number> {
  const html = await readFile(join(ASSETS_FOLDER, 'index.html'), 'utf8')
  const paths = [...html.matchAll(/(?:src|href)="\/?(studio\/[^"]+\.js)"/g)]
  const sizes = await Promise.all(
    paths.map(async ([, path = '']) => gzipSync(await readFile(join(ASSETS_FOLDER, path)))),
  )
  return sizes.reduce((sum, { byteLength }) => sum + byteLength, 0) / KIB
}

/**
 * Opens the page in the context.
 *
 * @returns seconds from the start of the navigation until the first card's picture has loaded.
 */
export async function secondsToFirstPicture(
  context: BrowserContext,
  address: string,
): Promise<number> {
  const page = await context.newPage()
  await page.addInitScript(noteFirstPicture)
  await page.goto(address)
  await page.locator('.picture-image.is-loaded').first().waitFor()
  const milliseconds = await page.evaluate(
    () => performance.measure('wait', undefined, 'picture').duration,
  )
  await page.close()
  return milliseconds / 1000
}

/** In the page. */
function noteFirstPicture(): void {
  const note = ({ target }: Event) => {
    if (!(target instanceof HTMLImageElement) || !target.matches('.picture-image')) return
    performance.mark('picture')
    document.removeEventListener('load', note, true)
  }
  document.addEventListener('load', note, true)
}
