/** From a key to a picture, and what is said when there is none. */
import { expect, it } from 'vitest'
import { card, startWorld } from './world.ts'

const world = startWorld(1.5)

it('takes a key, quotes while one types, shows progress and then the picture', async () => {
  const page = await world.open('/')
  await page.getByLabel('API key').fill(world.key)
  await page.getByRole('button', { name: 'Save key', exact: true }).click()
  await page.getByLabel('Prompt', { exact: true }).fill('A bell in the fog')
  // The price stands on the button, and is no part of its name.
  const generate = page.getByRole('button', { name: 'Generate', exact: true })
  await expect.poll(() => generate.innerText()).toMatch(/\$0\.0235/)
  await page.getByRole('radio', { name: '4k', exact: true }).check()
  await expect.poll(() => generate.innerText()).toMatch(/\$0\.0705/)
  await page.getByRole('radio', { name: '1k', exact: true }).check()
  await generate.click()

  const made = card(page, 'A bell in the fog')
  await made.getByText(/^(queued|processing)$/).waitFor()
  await made.getByRole('progressbar').waitFor()
  const picture = made.getByRole('img', { name: 'A bell in the fog' })
  await picture.waitFor()
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0)
  expect(await made.innerText()).toMatch(/aivideoapi\.ai\s+\$0\.0235 · 1 attempt/)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('takes a key out of the address at once, and keeps it in this tab only', async () => {
  const page = await world.openStudio()
  await page.getByLabel('Prompt', { exact: true }).waitFor()
  expect(page.url()).toBe(`${world.gateway.url}/`)
  expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, ''])
  await page.reload()
  await page.getByLabel('Prompt', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Forget the key' }).click()
  await page.getByLabel('API key').waitFor()
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('says that a key is wrong, and lets one try again', async () => {
  const page = await world.open('/')
  await page.getByLabel('API key').fill('ig_wrong')
  await page.getByRole('button', { name: 'Save key' }).click()
  await page.getByText('The gateway does not know this key.').waitFor()
  expect(await page.getByLabel('API key').getAttribute('aria-invalid')).toBe('true')
  await page.context().close()
  // The browser itself reports the 401.
  expect(world.takeComplaints()).toEqual([expect.stringContaining('401')])
})

it('says why a provider can not, and blocks the button when it is chosen', async () => {
  const page = await world.openStudio()
  await page.getByRole('radio', { name: '4:5', exact: true }).check()
  const choice = page.getByRole('radio', { name: /^gptimage2\.ai/ })
  await page.getByText('does not make the aspect ratio 4:5', { exact: false }).first().waitFor()
  await choice.check()
  expect(await page.getByRole('button', { name: 'Generate', exact: true }).isDisabled()).toBe(true)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('blocks the button when nobody can, and says a refusal beside it until the request is another', async () => {
  const { key } = await world.operator.keys.create({ name: 'Poor', daily_usd_limit: 0.03 })
  const page = await world.open(`/#key=${key}`)
  const form = page.getByRole('form', { name: 'Make a picture' })
  const prompt = page.getByLabel('Prompt', { exact: true })
  const generate = page.getByRole('button', { name: 'Generate', exact: true })
  await generate.click()
  await form.getByText('Say what to paint', { exact: false }).waitFor()
  expect(await prompt.evaluate((element) => element === document.activeElement)).toBe(true)
  await prompt.fill('A dear picture')
  await generate.click()
  await form.getByText('This key may spend $0.03 a day', { exact: false }).waitFor()
  await prompt.fill('Another one')
  await form.getByText('This key may spend', { exact: false }).waitFor({ state: 'detached' })
  await page.getByText('More', { exact: true }).click()
  await page.getByLabel('At most, in dollars').fill('0.001')
  await form.getByText('No provider can make this', { exact: false }).waitFor()
  expect(await generate.isDisabled()).toBe(true)
  await page.context().close()
  // The browser itself reports the 429.
  expect(world.takeComplaints()).toEqual([expect.stringContaining('429')])
})

it('calls a task by the beginning of its prompt, however long that is, and folds it', async () => {
  const prompt = 'A very long story. '.repeat(260).trim()
  await world.client.tasks.create({ prompt, provider: 'gptimage2.ai' })
  const page = await world.openStudio()
  const long = card(page, 'A very long story')
  expect((await long.getAttribute('aria-label'))?.length).toBeLessThan(150)
  await long.getByRole('button', { name: /^Open/ }).click()
  const dialog = page.getByRole('dialog')
  const text = dialog.locator('.panel-prompt p')
  const folded = (await text.boundingBox())?.height ?? 0
  await dialog.getByRole('button', { name: 'Show all' }).click()
  expect((await text.boundingBox())?.height).toBeGreaterThan(2 * folded)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('says in plain words why it failed and what to do, and why it moved on', async () => {
  const page = await world.openStudio()
  const prompt = page.getByLabel('Prompt', { exact: true })
  const generate = page.getByRole('button', { name: 'Generate', exact: true })
  await prompt.fill('A forbidden thing [[finish=moderated]]')
  await generate.click()
  const refused = card(page, 'A forbidden thing')
  await refused.getByText('The content was refused').waitFor()
  await refused.getByText('Say it differently', { exact: false }).waitFor()

  await prompt.fill('A second chance [[aivideoapi.ai submit=503]]')
  await generate.click()
  const second = card(page, 'A second chance')
  await second.getByText('2 attempts').waitFor()
  await second.getByRole('img').first().waitFor()
  await second.getByRole('button', { name: /^Open/ }).click()
  const attempts = page.getByRole('dialog').locator('.attempt')
  await expect.poll(() => attempts.count()).toBe(2)
  expect(await attempts.first().innerText()).toMatch(
    /aivideoapi\.ai[\s\S]*did not take it[\s\S]*not charged/,
  )
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('uploads a reference, uses a picture as one, and varies a request', async () => {
  const page = await world.openStudio()
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const file = { name: 'pixel.png', mimeType: 'image/png', buffer: pixel }
  await page.getByLabel('Choose files').setInputFiles(file)
  await page.getByRole('img', { name: 'Reference 1' }).waitFor()
  await page.getByLabel('Prompt', { exact: true }).fill('A pixel, framed')
  await page.getByRole('button', { name: 'Generate', exact: true }).click()
  const framed = card(page, 'A pixel, framed')
  await framed.getByRole('button', { name: /^Open/ }).getByRole('img').waitFor()
  await framed.getByRole('button', { name: /^Open/ }).click()
  await page.getByRole('button', { name: 'Use as reference' }).click()
  await page.getByRole('img', { name: 'Reference 2' }).waitFor()
  await framed.getByRole('button', { name: /^Open/ }).click()
  await page.getByRole('button', { name: 'Vary' }).click()
  await expect
    .poll(() => page.getByLabel('Prompt', { exact: true }).inputValue())
    .toBe('A pixel, framed')
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('works with the keyboard alone', async () => {
  const page = await world.open('/')
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
  const tabTo = async (isThere: () => Promise<boolean>) => {
    for (let presses = 0; presses < 80; presses++) {
      if (await isThere()) return
      await page.keyboard.press('Tab')
    }
    throw new Error('The focus never came there.')
  }
  const isOn = (selector: string) => () =>
    page.evaluate((text) => document.activeElement?.matches(text) ?? false, selector)
  await tabTo(isOn('input'))
  await page.keyboard.type(world.key)
  await page.keyboard.press('Enter')
  await page.getByLabel('Prompt', { exact: true }).waitFor()
  await tabTo(isOn('#prompt'))
  await page.keyboard.type('A hand on a rope')
  await tabTo(isOn('input[type=radio][value=auto]'))
  await page.keyboard.press('ArrowRight')
  await tabTo(async () => (await focused()).startsWith('Generate'))
  await page.keyboard.press('Enter')
  await card(page, 'A hand on a rope').getByRole('img').first().waitFor()
  await tabTo(isOn('.card-picture'))
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  // The focus is where it was.
  expect(await isOn('.card-picture')()).toBe(true)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})
