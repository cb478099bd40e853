/** The operator's view: money, providers, keys, and what wants a hand. */
import { beforeAll, expect, it } from 'vitest'
import { PROVIDER_IDS } from '../../src/core/request.ts'
import { card, makeTasks, startWorld } from './world.ts'

const world = startWorld(0.1)

beforeAll(async () => {
  await makeTasks(world.client, [
    { prompt: 'A lone bell', provider: 'aivideoapi.ai' },
    { prompt: 'Two', provider: 'gptimage2.ai' },
    { prompt: 'Three', provider: 'aivideoapi.ai', callback_url: 'https://hook.example.com/in' },
    { prompt: 'Lost [[answer=drop callback=none]]', provider: 'gptimage2.ai' },
  ])
}, 60_000)

it('shows what was spent, as a chart and as a table, and how providers do', async () => {
  const page = await world.openOperator()
  const spending = page.getByRole('region', { name: 'Spending', exact: true })
  const canvas = spending.locator('canvas')
  await canvas.waitFor()
  const inked = () =>
    canvas.evaluate((element: HTMLCanvasElement) => {
      const context = element.getContext('2d')
      const { data } = context?.getImageData(0, 0, element.width, element.height) ?? { data: [] }
      return Array.from(data).filter((value, position) => position % 4 === 3 && value > 0).length
    })
  await expect.poll(inked).toBeGreaterThan(1000)
  await spending.getByText('As a table').click()
  await spending.getByRole('cell', { name: '$0.047' }).waitFor()
  await spending.getByRole('radio', { name: 'Pictures' }).check()
  await spending.getByRole('columnheader', { name: 'gptimage2.ai' }).waitFor()

  const providers = page.getByRole('region', { name: 'Table of providers' })
  expect(await providers.getByRole('row').count()).toBe(1 + PROVIDER_IDS.length)
  // None has the wrong size, which is told where there are pictures.
  await providers.getByRole('row', { name: /aivideoapi\.ai.* 0 %$/ }).waitFor()
  await providers.getByRole('row', { name: /aivideoapi\.ai.*100 %.*closed.*credits/ }).waitFor()
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('lists the outcomes that nobody knows', async () => {
  const page = await world.openOperator()
  const unknown = page.getByRole('region', { name: 'Outcome unknown' })
  await unknown.getByRole('button', { name: /^Lost/ }).click()
  await page
    .getByRole('dialog')
    .getByText('Nobody knows whether it was made', { exact: false })
    .first()
    .waitFor()
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('lists the webhooks that failed, with whose they are, and sends one again', async () => {
  const page = await world.openOperator()
  const failed = page.getByRole('region', { name: 'Failed webhooks' })
  await failed.getByText('Of all 4 tasks').waitFor()
  await failed.getByText('task.succeeded · Studio').waitFor()
  await failed.getByText(/^\d+ tr(y|ies) · .* · next /).waitFor()
  await failed.getByRole('button', { name: 'Redeliver' }).click()
  await page.getByText('It is sent again', { exact: false }).waitFor()
  await failed.getByText(/^\d+ tr(y|ies) · .* · next /).waitFor()
  await failed.getByRole('button', { name: 'Three' }).click()
  await page.getByRole('dialog').getByRole('img', { name: 'Three' }).waitFor()
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('makes, rotates and revokes a key', async () => {
  const page = await world.openOperator()
  await page.getByRole('button', { name: 'New key' }).click()
  const form = page.getByRole('dialog', { name: 'New key' })
  await form.getByLabel('Name').fill('Press room')
  // What is no number would be no limit.
  await form.getByLabel('Dollars a day').fill('2.5O')
  await form.getByRole('button', { name: 'Make key' }).click()
  await form.getByText('A number, like 2.50', { exact: false }).waitFor()
  await form.getByLabel('Dollars a day').fill('2.50')
  await form.getByLabel('Dollars a task for agents').fill('0.1')
  await form.getByRole('button', { name: 'Make key' }).click()
  const shown = page.getByRole('dialog', { name: 'Key of Press room' })
  const first = await shown.locator('code').first().innerText()
  expect(first).toMatch(/^ig_/)
  await page.keyboard.press('Escape')
  const row = page.getByRole('listitem').filter({ hasText: 'Press room' })
  await row.getByText('$0.00 of $2.50').waitFor()
  await row.getByText('agents: $0.10 a task').waitFor()
  await row.getByRole('button', { name: 'Rotate' }).click()
  const rotated = page.getByRole('dialog', { name: 'New key of Press room' })
  expect(await rotated.locator('code').innerText()).not.toBe(first)
  await page.keyboard.press('Escape')
  await row.getByRole('button', { name: 'Revoke' }).click()
  await row.getByRole('button', { name: 'Really?' }).click()
  await row.waitFor({ state: 'detached' })
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

it('shows every key its pictures, and makes none with the admin token', async () => {
  await makeByAgent('A robin')
  const page = await world.openOperator()
  await page.getByRole('link', { name: 'Pictures' }).click()
  await card(page, 'A lone bell').waitFor()
  await card(page, 'A robin').getByText('· MCP').waitFor()
  expect(await page.getByText('· MCP').count()).toBe(1)
  await page.getByText('Looking only').waitFor()
  expect(await page.getByLabel('Prompt', { exact: true }).count()).toBe(0)
  expect(world.takeComplaints()).toEqual([])
  await page.context().close()
})

async function makeByAgent(prompt: string): Promise<void> {
  const params = { name: 'generate_image', arguments: { prompt } }
  const response = await fetch(`${world.gateway.url}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${world.key}`,
      Accept: 'application/json, text/event-stream',
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
  expect(await response.text()).toContain('succeeded')
}
