/** What holds for every answer that is not a success, read from the API reference. */
import { expect } from 'vitest'
import type * as z from 'zod'
import apiReference from '../../docs/api.md?raw'

/** Status of each code in the first table of the API reference. */
const DOCUMENTED = new Map(
  [...apiReference.matchAll(/^\| (\d{3}) \|([^|]+)\|/gm)].flatMap(([, status, codes = '']) =>
    [...codes.matchAll(/`(\w+)`/g)].map(([, code = '']) => [code, Number(status)] as const),
  ),
)

export interface Answer {
  status: number
  headers: Headers
  text: string
}

/**
 * A request id always; an error in the documented shape, with a code of the table; never a 500.
 *
 * @param dialect the shape of its errors, where the answer is that of a dialect
 */
export function expectDocumented(
  answer: Answer,
  isHead = false,
  dialect: z.ZodType | null = null,
): void {
  const { status, headers, text } = answer
  expect(headers.get('x-request-id')).toMatch(/^req_\w{32}$/)
  expect(status, text).toBeLessThan(500)
  if (status < 400 || isHead) return
  const body: unknown = JSON.parse(text)
  if (dialect) {
    expect(() => dialect.parse(body), text).not.toThrow()
    return
  }
  expect(body).toEqual({
    error: {
      code: expect.any(String),
      message: expect.stringMatching(/^\S.+[.!]?$/su),
      type: expect.stringMatching(/_error$/),
      ...optional(text, 'param', expect.any(String)),
      ...optional(text, 'providers', expect.any(Array)),
    },
  })
  const { error } = body as { error: { code: string } }
  expect([error.code, DOCUMENTED.get(error.code)]).toEqual([error.code, status])
}

function optional(text: string, name: string, value: unknown): object {
  return name in JSON.parse(text).error ? { [name]: value } : {}
}
