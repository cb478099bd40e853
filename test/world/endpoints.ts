/** Every endpoint that the app has, a way to call it, and what it must not change. */
import { env } from 'cloudflare:workers'
import { app } from '../../src/app'
import { type Answer, expectDocumented } from './documented'
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

/** Calls and reads the whole answer, which holds whatever was sent. */
export async function answerTo(path: string, init: Parameters<typeof call>[1]): Promise<Answer> {
  const response = await call(path, init)
  const { status, headers } = response
  const answer = { status, headers, text: await response.text() }
  expectDocumented(answer, init?.method === 'HEAD')
  return answer
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
