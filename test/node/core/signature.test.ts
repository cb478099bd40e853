import { expect, it } from 'vitest'
import { sign, verify } from '../../../src/core/signature'

it('verifies what it signed and nothing else', async () => {
  const signature = await sign(['secret'], 'callback:att_1')
  expect(await verify(['secret'], 'callback:att_1', signature)).toBe(true)
  expect(await verify(['secret'], 'callback:att_2', signature)).toBe(false)
  expect(await verify(['other'], 'callback:att_1', signature)).toBe(false)
})

it('still verifies what the previous secret signed', async () => {
  const signature = await sign(['old'], 'text')
  expect(await verify(['new', 'old'], 'text', signature)).toBe(true)
})

it('refuses every other spelling of a signature', async () => {
  const signature = await sign(['secret'], 'text')
  const last = signature.slice(-1)
  const sibling = String.fromCharCode(last.charCodeAt(0) + 1)
  for (const other of [
    '',
    signature.slice(0, -1),
    `${signature}=`,
    `${signature}A`,
    signature.slice(0, -1) + sibling,
    '!',
  ])
    expect(await verify(['secret'], 'text', other)).toBe(false)
})
