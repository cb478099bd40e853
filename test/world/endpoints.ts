/** Every endpoint that the app has, and what holds for every answer that is not a success. */
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import apiReference from '../../docs/api.md?raw'
import { app } from '../../src/app'
import { call } from './gateway'

export interface Endpoint {
  method: string
  /** With parameters such as `:id`. */
  path: string
}

/** Read from the router, so that a new endpoint can't be forgotten. */
export const ENDPOINTS: Endpoint[] = [
  ...new Map(
    app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => [`${method} ${path}`, { method, path }]),
  ).values(),
]

export const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`

/** The path with every parameter set to the value, as it is: nothing is escaped. */
export function fill({ path }: Endpoint, value: string): string {
  return path.replaceAll(/:\w+(\{[^}]*\})?\??/g, () => value)
}

export const reads = ({ method }: Endpoint) => method === 'GET'

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

/** Calls and reads the whole answer, which holds whatever was sent. */
export async function answerTo(path: string, init: Parameters<typeof call>[1]): Promise<Answer> {
  const response = await call(path, init)
  const { status, headers } = response
  const answer = { status, headers, text: await response.text() }
  expectDocumented(answer, init?.method === 'HEAD')
  return answer
}

/** A request id always; an error in the documented shape, with a code of the table; never a 500. */
export function expectDocumented(answer: Answer, isHead = false): void {
  const { status, headers, text } = answer
  expect(headers.get('x-request-id')).toMatch(/^req_\w{32}$/)
  expect(status, text).toBeLessThan(500)
  if (status < 400 || isHead) return
  const body: unknown = JSON.parse(text)
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

/** How much there is of everything: rows of all tables, and objects in the bucket. */
export async function countEverything(): Promise<Record<string, number>> {
  const tables = await env.DB.prepare(
    `select name from sqlite_master
     where type = 'table' and name not glob 'sqlite_*' and name not glob '_cf_*'`,
  ).all<{ name: string }>()
  const counts: Record<string, number> = { objects: (await env.OUTPUTS.list()).objects.length }
  for (const { name } of tables.results) {
    const row = await env.DB.prepare(`select count(*) as n from "${name}"`).first<{ n: number }>()
    counts[name] = row?.n ?? 0
  }
  return counts
}
