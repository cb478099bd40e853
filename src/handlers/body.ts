/**
 * Reading a JSON body without trusting it: type, size, encoding, shape.
 *
 * Every fault is a 4xx that says what to mend; a field's fault names the field.
 */
import * as z from 'zod'
import { duplicateName } from '../core/duplicate-name'
import type { AppContext } from './context'
import { ApiError, invalid } from './errors'

const JSON_BYTES_MAX = 1024 * 1024
const DEPTH_MAX = 32

/** The body as the schema reads it, an absent one as `{}`. @throws ApiError 400, 413 or 415. */
export async function readOptionalJson<T>(c: AppContext, schema: z.ZodType<T>): Promise<T> {
  const isAbsent = c.req.raw.body === null || c.req.header('Content-Length') === '0'
  return isAbsent ? schema.parse({}) : readJson(c, schema)
}

/** The body as the schema reads it. @throws ApiError 400, 413 or 415. */
export async function readJson<T>(c: AppContext, schema: z.ZodType<T>): Promise<T> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new ApiError('unsupported_media_type', 'Send JSON with "Content-Type: application/json".')
  }
  const text = await readText(c, JSON_BYTES_MAX)
  const value = parseJson(text)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ApiError('invalid_request', 'The body must be a JSON object.')
  }
  const fields = Object.entries(withoutNulls(value, 2))
  for (const [name, field] of fields) checkValue(field, name, 1)
  const twice = duplicateName(text)
  if (twice !== null) throw invalid(twice, `The name "${twice}" stands twice in one object.`)
  // Some numbers grow when they are written anew (1e20), and a row of the database has its limit.
  if (new TextEncoder().encode(JSON.stringify(value)).byteLength > JSON_BYTES_MAX)
    throw tooLarge(JSON_BYTES_MAX)
  const result = schema.safeParse(Object.fromEntries(fields))
  if (!result.success) throw toApiError(result.error)
  return result.data
}

/** `null` is the same as leaving out, for fields and for the entries of a field. */
function withoutNulls(value: object, depth: number): object {
  const kept = Object.entries(value).filter(([, item]) => item !== null)
  const isNested = (item: unknown): item is object =>
    depth > 1 && typeof item === 'object' && !Array.isArray(item)
  return Object.fromEntries(
    kept.map(([name, item]) => [name, isNested(item) ? withoutNulls(item, depth - 1) : item]),
  )
}

/** The body's text. @throws ApiError 400 when it is not UTF-8, 413 beyond the cap. */
export async function readText(c: AppContext, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  let text = ''
  try {
    for await (const chunk of readBody(c, bytesMax).body) {
      text += decoder.decode(chunk, { stream: true })
    }
    return text + decoder.decode()
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw new ApiError('invalid_request', 'The body is not readable as UTF-8 text.')
  }
}

/**
 * The body and the length its sender gave, which is null when there is none.
 *
 * It breaks off with a 413 as soon as it grows past the cap, whatever its length header says.
 *
 * @throws ApiError 413 when the header says so already
 */
export function readBody(
  c: AppContext,
  bytesMax: number,
): { body: ReadableStream<Uint8Array>; length: number | null } {
  const length = readLength(c, bytesMax)
  let bytes = 0
  const cap = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > bytesMax) controller.error(tooLarge(bytesMax))
      else controller.enqueue(chunk)
    },
  })
  const body = c.req.raw.body ?? new Response('').body
  if (!body) throw new ApiError('invalid_request', 'The request has no body.')
  return { body: body.pipeThrough(cap), length }
}

/** What the sender says of the body's length, null if nothing. @throws ApiError 413 */
export function readLength(c: AppContext, bytesMax: number): number | null {
  const header = c.req.header('Content-Length')
  const length = header !== undefined && /^\d+$/.test(header) ? Number(header) : null
  if (length !== null && length > bytesMax) throw tooLarge(bytesMax)
  return length
}

export function tooLarge(bytesMax: number): ApiError {
  return new ApiError('body_too_large', `The body may have at most ${bytesMax} bytes.`)
}

/** @throws ApiError 400 when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('invalid_request', 'The body is not valid JSON.')
  }
}

/** Values that JSON can spell but a database or a provider can't keep. */
function checkValue(value: unknown, field: string, depth: number): void {
  if (depth > DEPTH_MAX) throw invalid(field, `${field} is nested too deeply.`)
  if (typeof value === 'string') checkText(value, field)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw invalid(field, `${field} has a number that is too large.`)
  if (value === null || typeof value !== 'object') return
  for (const [name, item] of Object.entries(value)) {
    checkText(name, field)
    // It would get lost on the way, so what was asked for would not be what is done.
    if (name === '__proto__') throw invalid(field, `${field} can't have the name "__proto__".`)
    checkValue(item, field, depth + 1)
  }
}

function checkText(text: string, field: string): void {
  if (!text.isWellFormed() || text.includes('\0'))
    throw invalid(field, `${field} has a character that can't be stored (a lone surrogate or NUL).`)
}

/** The first fault, naming the field it is in. */
export function toApiError(error: z.ZodError): ApiError {
  const [issue] = error.issues
  if (!issue) return new ApiError('invalid_request', 'The request is not valid.')
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    const [name = ''] = issue.keys
    return invalid(name, `There is no field "${name}".`)
  }
  const path = z.core.toDotPath(issue.path)
  return invalid(String(issue.path[0] ?? ''), path ? `${path}: ${issue.message}` : issue.message)
}
