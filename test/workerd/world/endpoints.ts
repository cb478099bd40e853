/** Every endpoint that the app has, a way to call it, and what it must not change. */
import { env } from 'cloudflare:workers'
import * as z from 'zod'
import { app, plainPath } from '../../../src/app'
import { errorShapeOf } from '../../../src/handlers/error-response'
import { errorSchema } from '../../../src/wire/error'
import { type Answer, expectDocumented } from '../../any-runtime/documented'
import { call, ORIGIN } from './gateway'

/** Of the Model Context Protocol; who may not ask at all is told so in the words of `/v1`. */
const jsonRpcErrorSchema = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.null(),
  error: z.strictObject({ code: z.int().max(-32_000), message: z.string().min(1) }),
})

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

/** The path with its parameters set to the value, or to those by name, as they are: nothing is escaped. */
export function fill({ path }: Endpoint, value: string | Record<string, string>): string {
  return path.replaceAll(/:(\w+)(\{[^}]*\})?\??/g, (_, name: string) =>
    typeof value === 'string' ? value : (value[name] ?? ''),
  )
}

export const parametersOf = ({ path }: Endpoint): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)

export const reads = ({ method }: Endpoint) => method === 'GET'

/** Calls and reads the whole answer, which holds whatever was sent. */
export async function answerTo(path: string, init: Parameters<typeof call>[1]): Promise<Answer> {
  const response = await call(path, init)
  const { status, headers } = response
  const answer = { status, headers, text: await response.text() }
  expectDocumented(
    answer,
    init?.method === 'HEAD',
    dialectOf(plainPath(new URL(path, ORIGIN).pathname)),
  )
  return answer
}

/** The shape of its errors where it is another than that of `/v1`. */
function dialectOf(path: string): z.ZodType | null {
  if (path === '/mcp') return z.union([errorSchema, jsonRpcErrorSchema])
  const { schema } = errorShapeOf(path)
  return schema === errorSchema ? null : schema
}

/** Every row of all tables but for when a key was used last, and every object in the bucket. */
export async function dumpEverything(): Promise<Record<string, unknown[]>> {
  const tables = await env.DB.prepare(
    `select name from sqlite_master
     where type = 'table' and name not glob 'sqlite_*' and name not glob '_cf_*'`,
  ).all<{ name: string }>()
  const { objects } = await env.OUTPUTS.list()
  const dump: Record<string, unknown[]> = { objects: objects.map(({ key, etag }) => [key, etag]) }
  for (const { name } of tables.results) {
    const { results } = await env.DB.prepare(`select * from "${name}" order by 1`).all()
    dump[name] = results.map(({ last_used_at: _, ...row }) => row)
  }
  return dump
}
