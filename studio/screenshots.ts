/**
 * `npm run screenshots`: the pictures of the page in `docs/images`, from the real page on the sandbox.
 *
 * Needs Debian's `chromium`, and `fonts-inter` for the looks.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { Imagegate, type TaskRequest } from '../client/index.ts'
import { launchChromium } from '../local/chromium.ts'
import { startGateway } from '../local/gateway.ts'
import { startSandbox } from '../sandbox/server.ts'

const FOLDER = join('docs', 'images')
/** Until pictures have come and faded in. */
const SETTLE_MS = 2500
const PICTURE_SECONDS = 4

const REQUESTS: TaskRequest[] = [
  {
    prompt: 'A street market on a space station, gouache',
    aspect_ratio: '16:9',
    provider: 'nanobananaapi.dev',
  },
  {
    prompt: 'Botanical plate of an invented fruit',
    aspect_ratio: '3:4',
    provider: 'gptimage2api.org',
  },
  { prompt: 'A brutalist greenhouse at blue hour', aspect_ratio: '4:3', provider: 'gptimage2.ai' },
  {
    prompt: 'Frost flowers on a bicycle bell, macro',
    aspect_ratio: '1:1',
    provider: 'aivideoapi.ai',
  },
  {
    prompt: 'Two hands mending a gold-veined bowl',
    aspect_ratio: '3:4',
    provider: 'aivideoapi.ai',
  },
  {
    prompt: 'A jazz poster that says BLUE HOUR',
    aspect_ratio: '3:4',
    provider: 'nanobananaapi.dev',
  },
  {
    prompt: 'A fox in a yellow raincoat, waiting for the last tram',
    aspect_ratio: '16:9',
    provider: 'gptimage2.ai',
  },
  {
    prompt: 'A night library inside a whale, paper craft',
    aspect_ratio: '1:1',
    provider: 'gptimage2api.org',
  },
  {
    prompt: 'A lighthouse keeper’s kitchen at dawn',
    aspect_ratio: '4:3',
    provider: 'aivideoapi.ai',
  },
  { prompt: 'Four kites over a harbour', n: 4, aspect_ratio: '4:3', provider: 'gptimage2.ai' },
]

const data = await mkdtemp(join(tmpdir(), 'imagegate-screenshots-'))
const sandbox = await startSandbox(0, () => PICTURE_SECONDS)
const gateway = await startGateway(sandbox.origin, data, 0)
const browser = await launchChromium()
try {
  await mkdir(FOLDER, { recursive: true })
  await takeAll()
} finally {
  await browser.close()
  await gateway.close()
  sandbox.close()
  await rm(data, { recursive: true, force: true })
}
process.exit(0)

async function takeAll(): Promise<void> {
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  const { key } = await operator.keys.create({ name: 'Studio' })
  const press = await operator.keys.create({
    name: 'Press room',
    daily_usd_limit: 0.25,
    total_usd_limit: 5,
  })
  const client = new Imagegate({ baseUrl: gateway.url, apiKey: key })
  const other = new Imagegate({ baseUrl: gateway.url, apiKey: press.key })
  // What fails comes first, so that it lies at the end.
  await client.tasks.create({
    prompt: 'A rope bridge [[answer=drop callback=none]]',
    provider: 'gptimage2.ai',
  })
  const made = await Promise.all([
    ...REQUESTS.map((request) => client.tasks.create(request)),
    ...Array.from({ length: 8 }, (_, position) =>
      other.tasks.create({ prompt: `Headline ${position + 1}`, provider: 'aivideoapi.ai' }),
    ),
  ])
  await Promise.all(made.map(({ id }) => client.tasks.wait(id).catch(() => null)))

  await shoot(
    'studio',
    `/#key=${key}`,
    { viewport: { width: 1440, height: 900 } },
    showWork,
    SETTLE_MS / 2,
  )
  const dark = { colorScheme: 'dark' } as const
  await shoot(
    'picture',
    `/#key=${key}`,
    { viewport: { width: 1440, height: 900 }, ...dark },
    (page) => page.getByRole('button', { name: 'Open A fox' }).click(),
  )
  await shoot(
    'phone',
    `/#key=${key}`,
    { viewport: { width: 360, height: 740 }, ...dark, deviceScaleFactor: 2 },
    (page) => page.getByLabel('Search in prompts').evaluate((element) => element.scrollIntoView()),
  )
  const path = `/?view=operator#key=${gateway.adminToken}`
  await shoot('operator', path, { viewport: { width: 1280, height: 900 } }, (page) =>
    page.locator('canvas').waitFor(),
  )
}

/** The form filled in, and two tasks under way, one of which moved on. */
async function showWork(page: Page): Promise<void> {
  const prompt = page.getByLabel('Prompt', { exact: true })
  const generate = page.getByRole('button', { name: 'Generate', exact: true })
  for (const text of [
    'A slow river at night [[aivideoapi.ai submit=503]]',
    'A lantern in the snow',
  ]) {
    await prompt.fill(text)
    await generate.click()
    await page.getByRole('article', { name: text }).waitFor()
  }
  await prompt.fill('A paper boat on a quiet canal, first light, watercolour')
}

async function shoot(
  name: string,
  path: string,
  options: BrowserContextOptions,
  prepare: (page: Page) => Promise<void>,
  settleMs = SETTLE_MS,
): Promise<void> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(gateway.url + path)
  await page.waitForTimeout(SETTLE_MS)
  await prepare(page)
  await page.waitForTimeout(settleMs)
  await page.screenshot({ path: join(FOLDER, `${name}.png`) })
  await context.close()
  console.log(join(FOLDER, `${name}.png`))
}
