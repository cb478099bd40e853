/** The document is OpenAPI 3.1 by the official schema, and the client's types are its types. */
import { readFile } from 'node:fs/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, expect, it } from 'vitest'
import { readDocument, TYPES_FILE, typesOf } from '../../local/client-types.ts'

let document: Awaited<ReturnType<typeof readDocument>>
beforeAll(async () => {
  document = await readDocument()
})

it('is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const { valid, errors } = await validator.validate(structuredClone({ ...document }))
  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
  expect(validator.version).toBe('3.1')
})

it('resolves every reference', () => {
  const text = JSON.stringify(document)
  const names = [...text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)]
  const components = new Map<string, object>(Object.entries(document.components))
  for (const [, kind = '', name = ''] of names)
    expect(Object.keys(components.get(kind) ?? {})).toContain(name)
  expect(names.length).toBeGreaterThan(100)
})

it('names every operation once', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

it('is what the types of the client were written from', async () => {
  // Out of step: `npm run client:generate`.
  expect(await readFile(TYPES_FILE, 'utf8')).toBe(typesOf(document))
})
