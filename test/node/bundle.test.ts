/** One careless import can bring a library's every language along. How large the Worker may be: `bundle-size.ts`. */
import { expect, it } from 'vitest'
import { bundleWorker } from '../../local/gateway.ts'

it('brings no other language of zod', async () => {
  expect(await bundleWorker()).not.toMatch(/Ongeldige invoer|Ogiltig inmatning/)
})
