/** What the page's first load weighs, and how soon it shows a picture; each time in a fresh browser profile. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Imagegate } from '../../client/index.ts'
import { buildAssets } from '../../local/build-assets.ts'
import { launchChromium } from '../../local/chromium.ts'
import { startGateway } from '../../local/gateway.ts'
import { startSandbox } from '../../sandbox/server.ts'
import {
  FIRST_PICTURE_GOAL_SECONDS,
  firstLoadScriptKib,
  SCRIPT_GOAL_KIB,
  secondsToFirstPicture,
} from '../first-load.ts'
import { type Row, timed } from '../row.ts'
import { median } from '../statistics.ts'

const ROUNDS = 9
/** More than a window shows. */
const PICTURES = 20
const SECONDS_OF_A_PICTURE = 0.05

export const page: Row = {
  name: 'page',
  title: 'the first load of the page',
  kind: 'time',
  measure: async ({ say }) => {
    await buildAssets()
    const seconds: number[] = []
    await withPictures(async (address) => {
      const browser = await launchChromium()
      // The first visit makes the small copies, which stay.
      for (let number = 0; number <= ROUNDS; number++) {
        const context = await browser.newContext()
        const taken = await secondsToFirstPicture(context, address)
        await context.close()
        if (number > 0) seconds.push(taken)
        say(`visit ${number}: ${taken.toFixed(2)} s`)
      }
      await browser.close()
    })
    return [
      timed('its scripts, compressed', await firstLoadScriptKib(), 'KiB', SCRIPT_GOAL_KIB),
      timed('to the first picture', median(seconds), 's', FIRST_PICTURE_GOAL_SECONDS),
    ]
  },
}

/** @param visit gets the page's address with a key that has made some pictures. */
async function withPictures(visit: (address: string) => Promise<void>): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'imagegate-page-'))
  const sandbox = await startSandbox(0, () => SECONDS_OF_A_PICTURE)
  const gateway = await startGateway(sandbox.origin, data, 0)
  try {
    const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
    const { key } = await operator.keys.create({ name: 'bench' })
    const client = new Imagegate({ baseUrl: gateway.url, apiKey: key })
    const prompts = Array.from({ length: PICTURES }, (_, position) => `Picture ${position}`)
    await Promise.all(prompts.map((prompt) => client.createAndWait({ prompt })))
    await visit(`${gateway.url}/#key=${key}`)
  } finally {
    await gateway.close()
    sandbox.close()
    await rm(data, { recursive: true, force: true })
  }
}
