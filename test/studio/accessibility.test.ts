/** For everybody: axe finds nothing serious, nothing is wider than a phone, both schemes, less motion. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { card, makeTasks, startWorld } from './world.ts'

const world = startWorld(0.1)
let axe: string

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await makeTasks(world.client, [
    { prompt: 'A calm sea', provider: 'aivideoapi.ai' },
    { prompt: 'Three gulls', provider: 'gptimage2.ai', n: 3 },
    { prompt: 'A refusal [[finish=moderated]]', provider: 'gptimage2.ai' },
    { prompt: 'Lost [[answer=drop callback=none]]', provider: 'gptimage2.ai' },
  ])
}, 60_000)

const SCHEMES = ['light', 'dark'] as const

it.each(SCHEMES)('axe finds nothing serious, %s', async (colorScheme) => {
  const welcome = await world.open('/', { colorScheme })
  await welcome.getByLabel('API key').waitFor()
  await expectAccessible(welcome)

  const studio = await world.openStudio({ colorScheme })
  await card(studio, 'A calm sea').getByRole('img').first().waitFor()
  await world.client.tasks.create({ prompt: 'Slow [[delay=60]]', provider: 'gptimage2.ai' })
  await card(studio, 'Slow').getByRole('progressbar').waitFor()
  await studio.getByText('More', { exact: true }).click()
  await card(studio, 'A calm sea').getByRole('checkbox').check({ force: true })
  await card(studio, 'Three gulls').getByRole('checkbox').check({ force: true })
  await expectAccessible(studio)
  await studio.getByRole('button', { name: 'Compare' }).click()
  await expectAccessible(studio)
  await studio.keyboard.press('Escape')
  await card(studio, 'A calm sea').getByRole('button', { name: /^Open/ }).click()
  await expectAccessible(studio)

  const operator = await world.openOperator({ colorScheme })
  await operator.locator('canvas').waitFor()
  await expectAccessible(operator)
  await operator.getByRole('button', { name: 'New key' }).click()
  await expectAccessible(operator)

  const docs = await world.open('/docs', { colorScheme })
  await expectAccessible(docs)
  expect(world.takeComplaints()).toEqual([])
  for (const page of [welcome, studio, operator, docs]) await page.context().close()
})

it('fits a phone 360 pixels wide', async () => {
  const viewport = { width: 360, height: 740 }
  const studio = await world.openStudio({ viewport, isMobile: true, hasTouch: true })
  await studio.getByRole('article').first().waitFor()
  await expectNoSideways(studio)
  // The form is above, and cards far from the window are not there yet.
  await studio.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
  await card(studio, 'A calm sea').getByRole('img').first().waitFor()
  await expectNoSideways(studio)
  await card(studio, 'A calm sea').getByRole('button', { name: /^Open/ }).tap()
  await studio.getByRole('dialog').getByRole('img').first().waitFor()
  await expectNoSideways(studio)
  const operator = await world.openOperator({ viewport })
  await operator.locator('canvas').waitFor()
  await expectNoSideways(operator)
  expect(world.takeComplaints()).toEqual([])
  for (const page of [studio, operator]) await page.context().close()
})

it('follows the scheme, and holds still for those who want it', async () => {
  const page = await world.openStudio({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await card(page, 'A calm sea').waitFor()
  const background = await page.evaluate(
    () => getComputedStyle(document.documentElement).backgroundColor,
  )
  expect(background).toBe('rgb(19, 19, 22)')
  await world.client.tasks.create({ prompt: 'Still [[delay=60]]', provider: 'gptimage2.ai' })
  await card(page, 'Still').getByRole('progressbar').waitFor()
  const endless = await page.evaluate(
    () =>
      document.getAnimations().filter((animation) => {
        const { iterations } = animation.effect?.getTiming() ?? {}
        return iterations === Number.POSITIVE_INFINITY
      }).length,
  )
  expect(endless).toBe(0)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

/** Evaluated by the debugger and not by the page, whose policy would not let it in. */
async function expectAccessible(page: Page): Promise<void> {
  // Colours are judged at rest.
  await page.waitForTimeout(500)
  await page.evaluate(axe)
  const results: AxeResults = await page.evaluate('axe.run()')
  const serious = results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
  expect(serious).toEqual([])
}

async function expectNoSideways(page: Page): Promise<void> {
  const [scroll, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
  ])
  expect(scroll).toBeLessThanOrEqual(window ?? 0)
}
