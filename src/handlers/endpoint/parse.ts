/** Values of a request against their schema; the first fault, in words that name the field. */
import type * as z from 'zod'
import { toDotPath } from 'zod/v4/core'
import { invalid } from '../errors'
import { plainMessage } from './plain-message'

/** @throws ApiError 400 naming what is wrong. */
export function parse<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value, { error: plainMessage })
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = String(issue?.path[0] ?? '')
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys
    throw issue.path.length === 0
      ? invalid(name, `There is no field "${name}".`)
      : invalid(field, `There is no field "${name}" in ${toDotPath(issue.path)}.`)
  }
  const path = issue?.path ?? []
  // A header's name is none of a path.
  const name = path.length > 1 ? toDotPath(path) : field
  throw invalid(field, `${name} ${issue?.message}.`)
}
