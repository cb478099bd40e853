import fc from 'fast-check'
import { expect, it } from 'vitest'
import { duplicateName } from '../../../src/core/duplicate-name'

it.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a" : 1 , "b":2, "a"\n:2}', 'a'],
  ['{"a":{"b":1,"c":[{"d":1,"d":1}]}}', 'd'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"\\"":1,"\\"":2}', '"'],
  ['{"":1,"":2}', ''],
  ['{"a":{"a":{"a":1}},"b":{"a":1}}', null],
  ['[{"a":1},{"a":2},"a","a"]', null],
  ['{"a":"a\\\\","b":"\\"a\\":1","c":"{\\"c\\":"}', null],
  ['"a"', null],
  ['{}', null],
])('%s has %j twice', (json, name) => {
  expect(duplicateName(json)).toBe(name)
})

it('finds none in what a parser wrote, and the one that is put in', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
      const json = JSON.stringify(object, null, 1)
      expect(duplicateName(json)).toBeNull()
      const [name = ''] = Object.keys(object)
      const doubled = `{${JSON.stringify(name)}:0,${json.slice(1)}`
      expect(duplicateName(doubled)).toBe(name)
    }),
  )
})
