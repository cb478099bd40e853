/** The parts of the path, the query and the headers: read by their names, every fault named. */
import type * as z from 'zod'
import type { AppContext } from '../context'
import { invalid } from '../errors'
import { parse } from './parse'

/** The query of a signed address, which the authentication reads. */
const SIGNATURE = ['expires', 'signature']
/** `metadata[order]`: one entry of `metadata`. */
const ENTRY = /^(\w+)\[(.+)\]$/

export function readParams(c: AppContext, schema: z.ZodObject): unknown {
  return parse(schema, c.req.param())
}

export function readHeaders(c: AppContext, schema: z.ZodObject): unknown {
  const entries = Object.keys(schema.shape).map((name) => [name, c.req.header(name)])
  return parse(schema, Object.fromEntries(entries))
}

/** @throws ApiError 400 naming the value that is wrong, is not known or stands twice. */
export function readQuery(c: AppContext, schema: z.ZodObject, maySign: boolean): unknown {
  const values: Record<string, string> = {}
  const groups: Record<string, Array<[string, string]>> = {}
  for (const [name, [value = '', ...more]] of Object.entries(c.req.queries())) {
    if (maySign && SIGNATURE.includes(name)) continue
    if (more.length > 0) throw invalid(name, `${name} may stand in the query once.`)
    const [, group, entry = ''] = ENTRY.exec(name) ?? []
    // It would get lost on the way, so what was asked for would not be what is done.
    if (entry === '__proto__') throw invalid(name, `${group} can't have the name "__proto__".`)
    if (group === undefined) values[name] = value
    else groups[group] = [...(groups[group] ?? []), [entry, value]]
  }
  const twice = Object.keys(groups).find((name) => Object.hasOwn(values, name))
  if (twice !== undefined) throw invalid(twice, `${twice} may stand in the query once.`)
  const entries = Object.entries(groups).map(([name, group]) => [name, Object.fromEntries(group)])
  return parse(schema, { ...values, ...Object.fromEntries(entries) })
}
