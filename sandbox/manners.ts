/**
 * Odd but complete ways to spell an answer, put upon the documented one.
 *
 * Invariant: whatever the manner, everything that the documented answer says is still there, and so
 * is every picture.
 */
import type { Manners } from './faults.ts'
import type { Job, JobState } from './jobs.ts'
import { dress } from './transport.ts'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

/** What is needed to spell an answer otherwise. */
export interface Subject {
  kind: 'submission' | 'task'
  job: Job
  state: JobState
  /** The addresses in the documented answer. */
  urls: string[]
  /** Where the documented answer has them: keys joined by dots, `*` a list. */
  picturesPath: string
  /** A picture as a `data:` URL. */
  dataUrl: (index: number) => string
}

/** The answer as the prompt wants it; an error stays as it is. */
export async function respell(documented: Response, subject: Subject): Promise<Response> {
  if (!documented.ok) return documented
  const { kind, job } = subject
  const manners: Manners = job.faults
  const status =
    (kind === 'submission' ? manners.submitHttp : manners.taskHttp) ?? documented.status
  const body = quote(respellBody((await documented.json()) as JsonObject, subject), subject)
  return dress(JSON.stringify(body), status, manners)
}

/** JSON as text in JSON. A failure keeps its shape, and so do pictures. */
function quote(body: Json, { job, state }: Subject): Json {
  const { quoted, inline }: Manners = job.faults
  if (!quoted || inline || state === 'failed') return body
  if (quoted === 'whole' || !isObject(body)) return JSON.stringify(body)
  const entries = Object.entries(body).map(([key, member]): [string, Json] =>
    typeof member === 'object' && member !== null ? [key, JSON.stringify(member)] : [key, member],
  )
  return Object.fromEntries(entries)
}

/** `{code, msg, data}` around an answer. */
export function wrap(data: Json, code = 200, msg = 'success'): JsonObject {
  return { code, msg, data }
}

function respellBody(documented: JsonObject, subject: Subject): Json {
  const { kind, job } = subject
  const { words, ids, submission, task }: Manners = job.faults
  const placed = placePictures(documented, subject)
  const spelled = replaceValues(placed, (key, value) => {
    if (ids === 'numeric' && value === job.id) return Number(value)
    if (key === 'status' && typeof value === 'string' && words) return spellWord(value, words)
    return value
  })
  const pictured = inlinePictures(respellAddresses(spelled, subject), subject)
  const wanted = kind === 'submission' ? submission : task
  if (wanted === 'bare') return unwrap(pictured)
  if (wanted === 'listed') return wrap([unwrap(pictured)])
  return wanted === 'wrapped' ? wrap(unwrap(pictured)) : pictured
}

/** What is inside `{code, msg, data}`, or the body itself. */
function unwrap(body: Json): Json {
  return isObject(body) && body.data !== undefined && body.code !== undefined ? body.data : body
}

function spellWord(word: string, words: Manners['words']): string {
  if (words === 'capitals') return word.toUpperCase()
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Puts the pictures elsewhere, or something in their place while there are none. */
function placePictures(body: JsonObject, subject: Subject): JsonObject {
  const { kind, job, state, urls, picturesPath } = subject
  const { pictures, unset }: Manners = job.faults
  const [root = ''] = picturesPath.split('.')
  if (state === 'running' && kind === 'task' && unset) {
    const nothing = unset === 'null' ? { [root]: null } : build(picturesPath, [])
    return { ...body, ...nothing, error: null }
  }
  if (state !== 'done' || urls.length === 0 || pictures === undefined) return body
  const { [root]: _documented, ...rest } = body
  return { ...rest, ...build(pictures, urls) }
}

/** One picture stands alone where the path has no list; several are a list all the same. */
function build(path: string, urls: string[]): JsonObject {
  const [key = '', ...rest] = path.split('.')
  return { [key]: buildRest(rest, urls) }
}

function buildRest([segment, ...rest]: string[], urls: string[]): Json {
  if (segment === '*') return urls.map((url) => buildRest(rest, [url]))
  if (segment !== undefined) return { [segment]: buildRest(rest, urls) }
  return urls.length === 1 ? (urls[0] ?? null) : urls
}

/** The same pictures by plain http, or by the path at the provider. */
function respellAddresses(body: Json, { job, urls }: Subject): Json {
  const { address, inline }: Manners = job.faults
  if (!address || inline) return body
  return replaceValues(body, (_, value) => {
    if (typeof value !== 'string' || !urls.includes(value)) return value
    const url = new URL(value)
    return address === 'http' ? value.replace(/^https:/, 'http:') : url.pathname + url.search
  })
}

/** The bytes in the place of each address; `b64_json` takes the place of its key as well. */
function inlinePictures(body: Json, { job, urls, dataUrl }: Subject): Json {
  const { inline }: Manners = job.faults
  if (!inline) return body
  const found = (value: Json) => (typeof value === 'string' ? urls.indexOf(value) : -1)
  if (inline === 'data-url') {
    return replaceValues(body, (_, value) => (found(value) < 0 ? value : dataUrl(found(value))))
  }
  const encoded = (value: Json) => ({ b64_json: base64In(dataUrl(found(value))) })
  const inlined = (value: Json): Json => {
    if (found(value) >= 0) return encoded(value)
    if (Array.isArray(value)) return value.map(inlined)
    if (!isObject(value)) return value
    const entries = Object.entries(value).map(([key, member]): [string, Json] =>
      found(member) >= 0 ? ['b64_json', encoded(member).b64_json] : [key, inlined(member)],
    )
    return Object.fromEntries(entries)
  }
  return inlined(body)
}

function base64In(url: string): string {
  return url.slice(url.indexOf(',') + 1)
}

/** The same shape with other values at its leaves. */
function replaceValues(body: Json, replace: (key: string, value: Json) => Json, at = ''): Json {
  if (Array.isArray(body)) return body.map((value) => replaceValues(value, replace, at))
  if (!isObject(body)) return replace(at, body)
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, replaceValues(value, replace, key)]),
  )
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
