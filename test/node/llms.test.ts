/** The texts for models say all that the reference says, and name nothing that is not there. */
import { expect, it } from 'vitest'
import { readDocument } from '../../local/client-types.ts'
import { writeLlmsTexts } from '../../local/llms.ts'

it('names every operation and schema', async () => {
  const [{ paths, components }, texts] = await Promise.all([readDocument(), writeLlmsTexts()])
  for (const [path, methods] of Object.entries(paths))
    for (const method of Object.keys(methods)) {
      expect(texts['llms.txt']).toContain(`\`${method.toUpperCase()} ${path}\``)
      expect(texts['llms-full.txt']).toContain(`### ${method.toUpperCase()} ${path}\n`)
    }
  for (const name of Object.keys(components.schemas))
    expect(texts['llms-full.txt']).toContain(`### ${name}\n`)
})

it('leaves nothing unsaid of a field', async () => {
  const full = (await writeLlmsTexts())['llms-full.txt'] ?? ''
  expect(full).toMatch(/- `prompt` \(optional\): string\. What the picture should show/)
  expect(full).toMatch(/- body, application\/json: TaskRequest/)
  expect(full).not.toMatch(/undefined|\[object|#\/components|any value\.? ?$/m)
})
