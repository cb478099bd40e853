/**
 * The bodies that an operation may take, and how each is read without trusting it.
 *
 * Every fault is a 4xx that says what to mend; a field's fault names the field.
 */
import * as z from 'zod'
import { duplicateName } from '../../core/duplicate-name'
import type { SentFile } from '../../flow/upload'
import { type Bytes, readerOf } from '../../outputs/byte-reader'
import { type FormFault, readForm } from '../../outputs/form'
import type { ErrorCode } from '../../wire/error'
import { ApiError, invalid, isApiError, tooLarge } from '../errors'
import { decompress, isCompressed, refuseCompressed } from './compression'
import { parse } from './parse'

const JSON_BYTES_MAX = 1024 * 1024
const DEPTH_MAX = 32
/** Boundaries and headers of a form around its one file. */
const FORM_BYTES = 64 * 1024
const FORM_PARTS_MAX = 100

export interface Body<Value = unknown> {
  isRequired: boolean
  /** The schema of each media type; null where it is the bytes themselves. */
  content: Readonly<Record<string, z.ZodType | null>>
  /** What its reading may end with. */
  errors: readonly ErrorCode[]
  read(request: Request): Promise<Value>
}

/** A JSON object; `null` is the same as leaving out. An absent body is `{}` where the schema takes that. */
export function jsonBody<Value>(schema: z.ZodType<Value>, isRequired = true): Body<Value> {
  return {
    isRequired,
    content: { 'application/json': schema },
    errors: ['invalid_request', 'body_too_large', 'unsupported_media_type'],
    read: async (request) => {
      const isAbsent = request.body === null || request.headers.get('Content-Length') === '0'
      return parse(schema, isAbsent && !isRequired ? {} : await readObject(request, withoutNulls))
    },
  }
}

/** A JSON object of what changes; what is left out stays, and `null` has a meaning of its own. */
export function patchBody<Value>(schema: z.ZodType<Value>): Body<Value> {
  return {
    isRequired: true,
    content: { 'application/json': schema },
    errors: ['invalid_request', 'body_too_large', 'unsupported_media_type'],
    read: async (request) => parse(schema, await readObject(request, (value) => value)),
  }
}

/** What a provider sends: JSON whatever its header says, and nothing in it is held to a shape. */
export function messageBody<Value>(schema: z.ZodType<Value>): Body<Value> {
  return {
    isRequired: true,
    content: { 'application/json': schema },
    errors: ['invalid_request', 'body_too_large', 'unsupported_media_type'],
    read: async (request) => parse(schema, parseJson(await readText(request, JSON_BYTES_MAX))),
  }
}

/**
 * One file: the raw bytes, or the one file of a form. What it is, its own bytes have to tell.
 *
 * It is handed on as it streams. Only after it a form can turn out to be cut off or to have a second
 * one: then asking for the next file throws, and the first one must not be kept.
 */
export function fileBody(
  mediaTypes: readonly string[],
  bytesMax: number,
): Body<AsyncIterable<SentFile>> {
  const form = z.object({ file: z.file().describe('The only file.') })
  return {
    isRequired: true,
    content: {
      ...Object.fromEntries(mediaTypes.map((type) => [type, null])),
      'multipart/form-data': form,
    },
    errors: ['invalid_request', 'body_too_large', 'unsupported_media_type'],
    read: async (request) => {
      refuseCompressed(request)
      const type = request.headers.get('Content-Type') ?? ''
      const isForm = /^multipart\/form-data\b/i.test(type)
      return isForm ? fileOfForm(request, type, bytesMax) : rawFile(request, bytesMax)
    },
  }
}

async function* rawFile(request: Request, bytesMax: number): AsyncGenerator<SentFile> {
  const length = readLength(request, bytesMax)
  if (!request.body) throw new ApiError('invalid_request', 'The request has no body.')
  yield { body: readerOf(request.body), length }
}

async function* fileOfForm(
  request: Request,
  type: string,
  fileBytesMax: number,
): AsyncGenerator<SentFile> {
  const bytesMax = fileBytesMax + FORM_BYTES
  readLength(request, bytesMax)
  if (!request.body) throw formError({ kind: 'cut_off' })
  const caps = { bytesMax, textBytesMax: FORM_BYTES, partsMax: FORM_PARTS_MAX }
  let files = 0
  for await (const part of readForm(request.body, type, caps)) {
    if (!part.ok) throw formError(part.refusal)
    if (part.value.kind === 'text') continue
    if (++files > 1) break
    yield { body: part.value.body, length: null }
  }
  if (files !== 1) throw invalid('file', 'The form must have exactly one file.')
}

/** What a form that is not readable is told. */
export function formError(fault: FormFault): ApiError<'body_too_large' | 'invalid_request'> {
  return fault.kind === 'too_large'
    ? tooLarge(fault.bytesMax)
    : new ApiError('invalid_request', 'The form is not readable.')
}

async function readObject(request: Request, keep: (value: object) => object): Promise<object> {
  return readFields(await readJsonText(request, JSON_BYTES_MAX), keep)
}

/** @throws ApiError 415 when it does not say that it is JSON, 400 when it is not UTF-8, 413 beyond the cap */
export async function readJsonText(request: Request, bytesMax: number): Promise<string> {
  const type = request.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new ApiError('unsupported_media_type', 'Send JSON with "Content-Type: application/json".')
  }
  return readText(request, bytesMax)
}

/**
 * The fields that a JSON text has.
 *
 * @param keep what of it is meant
 * @throws ApiError 400, and 413 for what would fit into no row
 */
export function readFields(text: string, keep: (value: object) => object = withoutNulls): object {
  const value = parseJson(text)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ApiError('invalid_request', 'The body must be a JSON object.')
  }
  const kept = keep(value)
  checkFields(kept)
  const twice = duplicateName(text)
  if (twice !== null) throw invalid(twice, `The name "${twice}" stands twice in one object.`)
  // Some numbers grow when they are written anew (1e20), and a row of the database has its limit.
  if (new TextEncoder().encode(JSON.stringify(value)).byteLength > JSON_BYTES_MAX)
    throw tooLarge(JSON_BYTES_MAX)
  return kept
}

/** What a JSON object says, without nulls. @throws ApiError 400 where a value can't be kept. */
export function fieldsOf(value: object): object {
  const kept = withoutNulls(value, 2)
  for (const [name, field] of Object.entries(kept)) checkValue(field, name, 1)
  return kept
}

/** `null` is the same as leaving out, for fields and for the entries of a field. */
function withoutNulls(value: object, depth = 2): object {
  const kept = Object.entries(value).filter(([, item]) => item !== null)
  const isNested = (item: unknown): item is object =>
    depth > 1 && typeof item === 'object' && !Array.isArray(item)
  return Object.fromEntries(
    kept.map(([name, item]) => [name, isNested(item) ? withoutNulls(item, depth - 1) : item]),
  )
}

/** The body's text. @throws ApiError 400 when it is not UTF-8, 413 beyond the cap. */
async function readText(request: Request, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  const body = readBytes(request, bytesMax)
  let text = ''
  try {
    if (isCompressed(request)) {
      const bytes = await new Blob(await Array.fromAsync(body)).bytes()
      return decoder.decode(decompress(bytes, bytesMax))
    }
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
    }
    return text + decoder.decode()
  } catch (error) {
    if (isApiError(error)) throw error
    throw new ApiError('invalid_request', 'The body is not readable as UTF-8 text.')
  }
}

/**
 * The body, which breaks off with a 413 as soon as it grows past the cap, whatever its length header says.
 *
 * @throws ApiError 413, before anything is read where the header says so already
 */
async function* readBytes(request: Request, bytesMax: number): AsyncGenerator<Bytes, void> {
  readLength(request, bytesMax)
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) throw tooLarge(bytesMax)
    yield chunk
  }
}

/** What the sender says of the body's length, null if nothing. @throws ApiError 413 */
export function readLength(request: Request, bytesMax: number): number | null {
  const header = request.headers.get('Content-Length')
  const length = header !== null && /^\d+$/.test(header) ? Number(header) : null
  if (length !== null && length > bytesMax) throw tooLarge(bytesMax)
  return length
}

/** @throws ApiError 400 when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('invalid_request', 'The body is not valid JSON.')
  }
}

/** @throws ApiError 400 naming a field whose value can't be kept */
export function checkFields(fields: object): void {
  for (const [name, field] of Object.entries(fields)) checkValue(field, name, 1)
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
