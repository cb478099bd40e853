/** Hundreds of tasks: scrolled, filtered, opened, compared, downloaded, deleted, looked through. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { card, makeTasks, startWorld } from './world.ts'

/** More than the operator's view looks through at once, by as many as are made at once. */
const TASKS = 340
/** Whatever the number of tasks. */
const CARDS_MAX = 60

const world = startWorld(0.05)

beforeAll(async () => {
  const requests = Array.from({ length: TASKS }, (_, position) =>
    position % 5 === 0
      ? { prompt: `Picture ${position}`, provider: 'gptimage2.ai' as const, aspect_ratio: '4:3' }
      : { prompt: `Refusal ${position} [[submit=400]]`, provider: 'gptimage2.ai' as const },
  )
  Object.assign(requests[1] ?? {}, { callback_url: 'https://hook.example.com/in' })
  await makeTasks(world.client, requests)
}, 240_000)

const cards = (page: Page) => page.getByRole('article').count()

it('shows every task as one scrolls, with few cards in the page at a time', async () => {
  const page = await world.openStudio()
  await page.getByRole('article').first().waitFor()
  const seen = new Set<string>()
  const deadline = Date.now() + 60_000
  while (seen.size < TASKS && Date.now() < deadline) {
    const names = await page
      .getByRole('article')
      .evaluateAll((list) => list.map((element) => element.getAttribute('aria-label') ?? ''))
    for (const name of names) seen.add(name)
    expect(names.length).toBeLessThanOrEqual(CARDS_MAX)
    await page.mouse.wheel(0, 700)
    await page.waitForTimeout(60)
  }
  expect(seen.size).toBe(TASKS)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('moves nothing once it is there', async () => {
  const page = await world.openStudio()
  await page.getByRole('article').first().waitFor()
  await page.evaluate(() => {
    Object.assign(window, { shifts: 0 })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as PerformanceEntry & {
          value: number
          hadRecentInput: boolean
        }
        if (!hadRecentInput)
          Object.assign(window, { shifts: Reflect.get(window, 'shifts') + value })
      }
    }).observe({ type: 'layout-shift' })
  })
  for (let turn = 0; turn < 12; turn++) {
    await page.mouse.wheel(0, 500)
    await page.waitForTimeout(80)
  }
  expect(await page.evaluate(() => Reflect.get(window, 'shifts'))).toBeLessThan(0.02)
  await page.context().close()
})

it('loads each picture once, however often it looks for news', async () => {
  const page = await world.open(`/?status=succeeded#key=${world.key}`)
  await card(page, 'Picture 295').getByRole('img', { name: 'Picture 295' }).waitFor()
  await page.waitForTimeout(1000)
  const pictures: string[] = []
  const looks: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/outputs/')) pictures.push(request.url())
    if (/\/v1\/tasks\?/.test(request.url())) looks.push(request.url())
  })
  await expect.poll(() => looks.length).toBeGreaterThan(0)
  await page.waitForTimeout(1000)
  expect(pictures).toEqual([])
  await page.context().close()
})

it('says so when a picture can not be loaded', async () => {
  const page = await world.open('/')
  await page.route('**/outputs/**', (route) => route.abort())
  await page.goto(`${world.gateway.url}/?status=succeeded#key=${world.key}`)
  await page.reload()
  await page.getByText('could not be loaded').first().waitFor()
  await page.context().close()
  // The browser itself reports them.
  expect(world.takeComplaints().every((text) => text.includes('ERR_FAILED'))).toBe(true)
})

it('keeps its filters in the address', async () => {
  const page = await world.openStudio()
  await page.getByLabel('Status').selectOption('succeeded')
  await expect.poll(() => page.url()).toContain('?status=succeeded')
  await expect.poll(async () => (await page.getByText('was not taken').count()) === 0).toBe(true)
  await card(page, 'Picture 295').waitFor()
  await page.reload()
  await card(page, 'Picture 295').waitFor()
  expect(await page.getByLabel('Status').inputValue()).toBe('succeeded')
  await page.getByLabel('Made by').selectOption('aivideoapi.ai')
  await page.getByText('Nothing matches').waitFor()
  await page.goBack()
  await card(page, 'Picture 295').waitFor()
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('opens large, leads on by arrows, and shows the request as code', async () => {
  const page = await world.open(`/?status=succeeded#key=${world.key}`)
  await card(page, 'Picture 295').getByRole('button', { name: /^Open/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('img', { name: 'Picture 295' }).waitFor()
  await page.keyboard.press('ArrowRight')
  await dialog.getByRole('img', { name: 'Picture 290' }).waitFor()
  await page.keyboard.press('ArrowLeft')
  await dialog.getByRole('img', { name: 'Picture 295' }).waitFor()
  const code = dialog.locator('pre')
  expect(await code.innerText()).toContain('"prompt": "Picture 295"')
  await dialog.getByRole('radio', { name: 'TypeScript' }).check()
  expect(await code.innerText()).toContain("prompt: 'Picture 295'")
  await dialog.getByRole('radio', { name: 'OpenAI SDK' }).check()
  expect(await code.innerText()).toContain('/openai/v1')
  expect(await dialog.innerText()).not.toContain(world.key)
  // The dialog covers the page, and with it what the page would say.
  await dialog.getByRole('button', { name: 'Copy code' }).click()
  await dialog
    .getByRole('status')
    .getByText(/Code copied|did not let the page copy/)
    .waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('tells the operator how far it looked for failed webhooks, and looks further', async () => {
  const page = await world.openOperator()
  const failed = page.getByRole('region', { name: 'Failed webhooks' })
  await failed.getByText(/^Of the newest 300 tasks, back to /).waitFor()
  await failed.getByText('None among these.').waitFor()
  await failed.getByRole('button', { name: 'Look further back' }).click()
  await failed.getByText(`Of all ${TASKS} tasks`).waitFor()
  await failed.getByRole('button', { name: /^Refusal 1 / }).waitFor()
  expect(await failed.getByRole('button', { name: 'Look further back' }).count()).toBe(0)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('compares, packs and deletes several at once', async () => {
  const succeeded = async () =>
    (await world.client.tasks.list({ status: 'succeeded', limit: 100 })).data.length
  const before = await succeeded()
  const page = await world.open(`/?status=succeeded#key=${world.key}`)
  for (const name of ['Picture 0', 'Picture 5']) {
    // The last ones, so that others still find theirs.
    await scrollTo(page, name)
    await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check({ force: true })
  }
  await page.getByRole('button', { name: 'Compare' }).click()
  const dialog = page.getByRole('dialog')
  await expect.poll(() => dialog.getByRole('listitem').count()).toBe(2)
  await page.keyboard.press('Escape')

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'ZIP' }).click()
  const file = await (await downloading).path()
  const bytes = await readFile(file)
  expect(bytes.subarray(0, 2).toString()).toBe('PK')
  const text = bytes.toString('latin1')
  expect(text).toMatch(/picture-0-[0-9a-f]{8}-0\.png/)
  expect(text).toMatch(/picture-5-[0-9a-f]{8}-0\.png/)

  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Really delete 2?' }).click()
  await page.getByText('2 tasks deleted.').waitFor()
  expect(await card(page, 'Picture 0').count()).toBe(0)
  expect(await succeeded()).toBe(before - 2)
  expect(await cards(page)).toBeGreaterThan(0)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

async function scrollTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole('article', { name, exact: true })
  for (let turn = 0; turn < 80 && (await wanted.count()) === 0; turn++) {
    await page.mouse.wheel(0, 700)
    await page.waitForTimeout(80)
  }
  await wanted.scrollIntoViewIfNeeded()
}
